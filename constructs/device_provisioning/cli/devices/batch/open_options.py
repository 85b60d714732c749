"""Options of ``devices batch open``."""

from typing import Annotated

import typer

from .options import Field

Quota = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="How many serial numbers of it may enrol in all.")
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="WHEN", help="When it opens: a date, or a time with its zone."),
]
Until = Annotated[
    str | None, typer.Option(metavar="WHEN", help="When it closes: a date, or a time with its zone.")
]
Claim = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID", help="A claim certificate that may enrol its devices, any else not; repeatable."
    ),
]
Reprovisioning = Annotated[
    str | None,
    typer.Option(
        metavar="TIMES", help="How often a serial number may register again: NEVER, ALLOW or a number."
    ),
]
Override = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="A template parameter that it decides for its devices; repeatable, all of them together.",
    ),
]
PublicKey = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="The manufacturer's public key, in PEM, which proofs are checked with."
    ),
]
WithoutList = Annotated[
    bool,
    typer.Option(
        "--without-list",
        help="Let devices register that prove themselves and are not on the list. It takes a hook with"
        " attestation: one without denies them.",
    ),
]
Unset = Annotated[
    list[Field] | None,
    typer.Option(metavar=f"<{'|'.join(Field)}>", help="What the batch does not say any more; repeatable."),
]
