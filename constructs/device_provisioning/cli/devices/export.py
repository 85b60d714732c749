"""The verb ``devices export``."""

from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from .options import Table


@talks_to_aws
def export_devices(
    table: Table,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Where to write the records; standard output by default."),
    ] = None,
) -> None:
    """Write every record of the list, one object per line.

    What the hook wrote to a record is part of it.
    """
    from ...allow_list.records import export_records

    exit_with(lambda: export_records(table, out))
