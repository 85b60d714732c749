"""The verb ``devices release``."""

from typing import Annotated

import typer

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from . import revocation_options as options
from .options import Table


@talks_to_aws
def release_devices(
    table: Table,
    serial_numbers: options.SerialNumbers = None,
    batch: options.Batch = None,
    file: options.File = None,
    skip_missing: Annotated[
        bool, typer.Option("--skip-missing", help="Release devices without what does not exist any more.")
    ] = False,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    parallel: options.Parallel = 4,
    trail: options.Trail = None,
    output_format: options.Format = options.LineFormat.TEXT,
) -> None:
    """Give revoked devices back what they had.

    That is policies, thing groups, an active certificate, and a record that is not blocked, as it was.

    What would be done is shown first. Exit status: 0 when all are in, 1 when some are not or you decline, 2
    when something is wrong, 130 after Ctrl-C.
    """
    from ...revocation.run import Request, release

    request = Request(
        table_name=table,
        serial_numbers=serial_numbers or (),
        batch=batch,
        file=file,
        yes=yes,
        dry_run=dry_run,
        parallel=parallel,
        as_json=output_format is options.LineFormat.JSON,
        trail=trail,
    )
    exit_with(lambda: release(request, options.confirmed, skip_missing=skip_missing))
