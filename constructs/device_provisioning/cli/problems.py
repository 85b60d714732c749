"""What a verb can't do, told in one line each."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from .formats import printable
from .sources import UnreadableError

BAD_INPUT = 2


@contextmanager
def told() -> Iterator[None]:
    """Tell what is wrong with what was given, and end with exit status 2."""
    try:
        yield
    except UnreadableError as error:
        _end(str(error))


def _end(text: str) -> None:
    for line in text.splitlines():
        typer.echo(printable(line), err=True)
    raise typer.Exit(BAD_INPUT) from None
