"""Options that verbs of ``devices`` share."""

from typing import Annotated

import typer

from ...allow_list.normalisation import Normalisation

Table = Annotated[str, typer.Option(metavar="NAME", help="The DynamoDB table of the allow list.")]
TableToImportInto = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help="The DynamoDB table of the allow list; not needed with --validate-only.",
    ),
]
Normalise = Annotated[
    list[Normalisation] | None,
    typer.Option(
        metavar=f"<{'|'.join(Normalisation)}>",
        help="A change that every serial number gets, such as lower and no-separators for MAC addresses;"
        " repeatable. Devices have to present what becomes of it.",
    ),
]
SerialNumbers = Annotated[list[str], typer.Argument(metavar="SERIAL_NUMBER")]
