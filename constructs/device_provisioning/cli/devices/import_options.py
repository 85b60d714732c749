"""Options of ``devices import``."""

from typing import Annotated

import typer

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A .csv file with the column serial_number and optionally batch_name, blocked, expires_at"
        " and parameter_overrides.NAME, a .parquet file with the same columns, or a .jsonl file of objects; -"
        " is CSV or JSON lines on standard input.",
    ),
]
ValidateOnly = Annotated[bool, typer.Option("--validate-only", help="Check every row without calling AWS.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every row and show what would be written.")]
Resume = Annotated[bool, typer.Option("--resume", help="Continue an interrupted import.")]
SkipRejects = Annotated[
    bool, typer.Option("--skip-rejects", help="Write the valid rows even if others are rejected.")
]
Rejects = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Where to write rejected rows, with line and reasons; FILE.rejects.csv by default, and"
        " devices.rejects.csv for standard input.",
    ),
]
Parallel = Annotated[
    int, typer.Option(metavar="NUMBER", min=1, max=64, help="How many transactions run in parallel.")
]
GiveUpAfter = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        min=1,
        help="After how many seconds to give up on a table that is too busy to accept anything.",
    ),
]
Restore = Annotated[
    bool,
    typer.Option(
        "--restore",
        help="Restore the whole records of an export, including what the hook wrote; existing records are"
        " left unchanged.",
    ),
]
Template = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="The CloudFormation template of the fleet, whose hook has the pattern of serial numbers; by"
        " default it is read from a tag of the table.",
    ),
]
SerialNumberPattern = Annotated[
    str | None, typer.Option(metavar="REGEX", help="A regular expression for the whole serial number.")
]
