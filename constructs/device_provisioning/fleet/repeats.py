"""Regular expressions that a short text can keep busy for ever."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any


def repeats_repeats(pattern: str) -> bool:
    """Whether an unbounded repeat is inside an unbounded repeat.

    Python's engine tries every way to divide a text between the two: two to the power of its length. ``re``
    can't be told to stop, and only its own parser knows what a pattern repeats.

    Example:
        >>> repeats_repeats("([A-Z]+)+"), repeats_repeats("([A-Z]{1,8}-)+")
        (True, False)
    """
    return _nested(import_module("re._parser").parse(pattern), inside=False)


def _nested(parsed: Any, *, inside: bool) -> bool:
    for operation, argument in parsed:
        unbounded = str(operation) in ("MAX_REPEAT", "MIN_REPEAT") and str(argument[1]) == "MAXREPEAT"
        if unbounded and inside:
            return True
        if any(_nested(part, inside=inside or unbounded) for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> Iterator[Any]:
    """The patterns inside an operation's argument."""
    if hasattr(argument, "data"):
        yield argument
    elif isinstance(argument, list | tuple):
        for part in argument:
            yield from _parts(part)
