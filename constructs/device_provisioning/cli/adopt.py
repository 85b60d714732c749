"""The verb ``adopt``: from a template of an account to a program that describes it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..console.problems import reporting_problems
from .aws_options import talks_to_aws


class Engine(StrEnum):
    """The engine of the program."""

    CDK = "cdk"
    PULUMI = "pulumi"


@talks_to_aws
def adopt(
    template: Annotated[str, typer.Argument(metavar="NAME", help="The name of a deployed template.")],
    engine: Annotated[Engine, typer.Option(help="The engine of the program.")],
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where to write the program; existing files are not overwritten."),
    ],
    claim_policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="An AWS IoT policy of claim certificates; repeatable. By default, every policy that names"
            " the template's topics.",
        ),
    ] = None,
) -> None:
    """Write a program that describes a deployed template.

    Role, policies and permission are in it, all as they are.

    After its import a diff is empty. It shows what safe defaults would change, and the line that does it.
    Nothing is changed in the account, and no secret is read. Exit status: 0 when the program is written, 2
    when it is not.
    """
    with reporting_problems():
        from ..adopt.project import write_project
        from ..adopt.reading import read_fleet

        lines = write_project(read_fleet(template, claim_policy or ()), engine, out)
    for line in lines:
        typer.echo(line)
