"""Values that an engine knows later: AWS CDK's tokens and Pulumi's Outputs, recognised without either."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from .json_pointer import escaped

_TEXT_MARKERS = ("${Token[", "#{Token[")
# CDK hides a token in a number below this: the smallest doubles, which nobody writes into a template.
_NUMBER_TOKENS_BELOW = -1.8e289


def is_unresolved(value: Any) -> bool:
    """Whether a value is, or has a part that is, known only when the engine deploys.

    Anything that JSON does not know counts, such as a Pulumi ``Output``. Lists and objects are not looked
    into: see ``unresolved_paths``.

    Args:
        value: The value.

    Example:
        >>> is_unresolved("sensor-${Token[TOKEN.7]}"), is_unresolved("sensor-${Plant}")
        (True, False)
    """
    if isinstance(value, str):
        return any(marker in value for marker in _TEXT_MARKERS)
    if isinstance(value, bool | Mapping | list | tuple) or value is None:
        return False
    return not isinstance(value, int | float) or value < _NUMBER_TOKENS_BELOW


def unresolved_paths(value: Any, path: str = "") -> Iterator[str]:
    """The JSON pointers (RFC 6901) of every unresolved value and key inside a document."""
    if is_unresolved(value):
        yield path
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            place = f"{path}/{escaped(str(key))}"
            if is_unresolved(key):
                yield place
            else:
                yield from unresolved_paths(inner, place)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from unresolved_paths(inner, f"{path}/{index}")


def _require_unresolved(value: Any) -> Any:
    if not is_unresolved(value):
        raise ValueError(f"{value!r} is neither of the right form nor a value that the engine knows later")
    return value


Unresolved = Annotated[Any, AfterValidator(_require_unresolved)]
"""The type of a setting's value that the engine knows later."""
