"""Options of ``devices import --via s3-import``."""

from typing import Annotated

import typer

from ...allow_list.way import Via

ViaOption = Annotated[
    Via,
    typer.Option(
        help="s3-import is for millions of rows: DynamoDB creates a new table, --table, from what is"
        " uploaded to --bucket. It can't add to an existing table.",
    ),
]
Bucket = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Where s3-import uploads to, below device-provisioning/, until the table is created.",
    ),
]
EncryptionKey = Annotated[
    str | None,
    typer.Option(metavar="ARN", help="A customer key of the table of s3-import; AWS's own by default."),
]
