"""The verbs of ``device-provisioning devices``: the allow list from the command line."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from ..problems import told

FAILED, INTERRUPTED = 1, 130


class Via(StrEnum):
    """How devices come into a table."""

    TRANSACTIONS = "transactions"
    S3_IMPORT = "s3-import"


Table = Annotated[str, typer.Option(metavar="NAME", help="The DynamoDB table of the allow list.")]
SerialNumbers = Annotated[list[str], typer.Argument(metavar="SERIAL_NUMBER…")]

app = typer.Typer(no_args_is_help=True, help="Import, export, show and block devices of an allow list.")


@app.command(
    "import", epilog="Example: device-provisioning devices import devices.csv --table ALLOW_LIST --dry-run"
)
def import_devices(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A .csv file with the columns serial_number and, if wanted, blocked, expires_at and"
            " parameter_overrides.NAME, a .parquet file with the same columns, or a .jsonl file of objects.",
        ),
    ],
    table: Table,
    validate_only: Annotated[
        bool, typer.Option("--validate-only", help="Check every row and call nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row and tell what would be written.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an import that was interrupted.")
    ] = False,
    skip_rejects: Annotated[
        bool, typer.Option("--skip-rejects", help="Write the other rows even if some are rejected.")
    ] = False,
    rejects: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Where rejected rows go, with line and reasons; FILE.rejects.csv by default."
        ),
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="Transactions at once.")] = 8,
    via: Annotated[
        Via,
        typer.Option(
            help="s3-import is for millions of rows: DynamoDB itself makes a new table, --table, of what is"
            " uploaded to --bucket. It can't add to a table that exists.",
        ),
    ] = Via.TRANSACTIONS,
    bucket: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Where s3-import uploads to, below device-provisioning/, until the table is made.",
        ),
    ] = None,
    encryption_key: Annotated[
        str | None,
        typer.Option(metavar="ARN", help="A customer key of the table of s3-import; AWS's own by default."),
    ] = None,
) -> None:
    """Put devices on the list, or bring what the list says of them in step; what they used up stays.

    Every row is checked before the first is written. Exit status: 0 when every row is on the list, 1 when
    rows were rejected, 2 when something could not be read or written, 130 after Ctrl-C.
    """
    from .importing import ImportRequest, import_file

    request = ImportRequest(
        file=file,
        table_name=table,
        validate_only=validate_only,
        dry_run=dry_run,
        resume=resume,
        skip_rejects=skip_rejects,
        rejects=rejects or f"{file}.rejects.csv",
        parallel=parallel,
        via=via,
        bucket=bucket,
        encryption_key=encryption_key,
    )
    _exit_with(lambda: import_file(request))


@app.command(
    "export", epilog="Example: device-provisioning devices export --table ALLOW_LIST --out list.jsonl"
)
def export_devices(
    table: Table,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Where the records go; standard output by default.")
    ] = None,
) -> None:
    """Write every record of the list, an object a line, with what the hook wrote of it."""
    from .records import export_records

    _exit_with(lambda: export_records(table, out))


@app.command("show", epilog="Example: device-provisioning devices show A-0001 --table ALLOW_LIST")
def show_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Write the records of devices, an object a line; exit status 1 when one is not on the list."""
    from .records import show_records

    _exit_with(lambda: show_records(table, serial_numbers))


@app.command("block", epilog="Example: device-provisioning devices block A-0001 A-0002 --table ALLOW_LIST")
def block_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Keep devices from registering; a certificate that a device has already stays active."""
    from .records import set_blocked

    _exit_with(lambda: set_blocked(table, serial_numbers, blocked=True))


@app.command("unblock", epilog="Example: device-provisioning devices unblock A-0001 --table ALLOW_LIST")
def unblock_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Let devices register again that were blocked, as often as they could before."""
    from .records import set_blocked

    _exit_with(lambda: set_blocked(table, serial_numbers, blocked=False))


def _exit_with(run: Callable[[], int]) -> None:
    with told():
        status = run()
    raise typer.Exit(status)
