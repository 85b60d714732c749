"""Options of ``lint``."""

from enum import StrEnum
from typing import Annotated

import typer


class OutputFormat(StrEnum):
    """The output format."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="Bodies, CloudFormation templates, Terraform or Pulumi plans, output of aws iot,"
        " cdk.out folders; - is standard input. The paths of the configuration by default.",
    ),
]
Format = Annotated[OutputFormat, typer.Option("--format", help="The output format.")]
Strict = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]
Silence = Annotated[
    list[str] | None, typer.Option(metavar="CODE=REASON", help="Suppress a rule, with a reason; repeatable.")
]
Config = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="The configuration; by default the nearest device-provisioning.toml or pyproject.toml with one.",
    ),
]
KnownFindings = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="Leave out the findings that this file names."),
]
WriteBaseline = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write the findings to this file, to leave them out from now on."),
]
FixFiles = Annotated[
    bool, typer.Option("--fix", help="Fix what has one right answer; standard input is written fixed.")
]
UnsafeFixes = Annotated[
    bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also fix what may change what is meant.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Only show what --fix would change.")]
