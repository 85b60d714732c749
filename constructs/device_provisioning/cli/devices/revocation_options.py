"""Options that ``devices revoke`` and ``devices release`` share."""

from enum import StrEnum
from typing import Annotated

import typer

from ...console.activity import quiet


class LineFormat(StrEnum):
    """How the outcome of each device is written."""

    TEXT = "text"
    JSON = "json"


SerialNumbers = Annotated[list[str] | None, typer.Argument(metavar="SERIAL_NUMBER")]
Batch = Annotated[
    str | None, typer.Option(metavar="BATCH", help="All devices whose records name this batch.")
]
File = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="The devices of a list as for import; - is CSV or JSON lines on input."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
Parallel = Annotated[
    int, typer.Option(metavar="NUMBER", min=1, max=64, help="How many devices are under way at once.")
]
Trail = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The audit trail: a line of JSON is added to it for each device."),
]
Format = Annotated[LineFormat, typer.Option("--format", help="A line of words, or of JSON, for each device.")]


def confirmed(question: str) -> bool:
    """Whether the user agrees."""
    with quiet():
        return typer.confirm(question)
