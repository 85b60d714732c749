"""Options that verbs of ``devices`` share."""

from typing import Annotated

import typer

Table = Annotated[str, typer.Option(metavar="NAME", help="The DynamoDB table of the allow list.")]
TableToImportInto = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help="The DynamoDB table of the allow list; not needed with --validate-only.",
    ),
]
SerialNumbers = Annotated[list[str], typer.Argument(metavar="SERIAL_NUMBER")]
