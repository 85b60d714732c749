"""Options of ``devices revoke``."""

from typing import Annotated

import typer

QuarantineGroup = Annotated[
    str | None, typer.Option(metavar="NAME", help="The thing group that their things are moved to.")
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Leave certificates active, so that devices may do what the quarantine group's policy allows.",
    ),
]
ThingNamePrefix = Annotated[
    str | None,
    typer.Option(
        metavar="PREFIX",
        help="What names of things begin with, before the serial number; by default things are found by the"
        " certificate that a record names.",
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Leave out devices whose records say that they are out.")
]
