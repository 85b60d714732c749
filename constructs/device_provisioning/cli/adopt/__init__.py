"""The verb ``adopt``: from a template of an account to a program that describes it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..problems import told


class Engine(StrEnum):
    """What the program is for."""

    CDK = "cdk"
    PULUMI = "pulumi"


def adopt(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The name of a deployed template.")],
    engine: Annotated[Engine, typer.Option(help="What the program is for.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the program goes; nothing in it is written over.")
    ],
    claim_policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="An AWS IoT policy of claim certificates, once or more; by default all policies are looked"
            " through for those that name the template's topics.",
        ),
    ] = None,
) -> None:
    """Write a program that describes a deployed template, with role, policies and permission, as it is.

    After its import a diff is empty. What safe defaults would change is told, with the line that does it.
    Nothing is changed in the account, and no secret is read. Exit status: 0 when the program is written, 2
    when it is not.
    """
    with told():
        from .project import write_project
        from .reading import read_fleet

        lines = write_project(read_fleet(template, claim_policy or ()), engine, out)
    for line in lines:
        typer.echo(line)
