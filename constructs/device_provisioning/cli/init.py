"""The verb ``init``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .problems import told


class Engine(StrEnum):
    """What deploys a project."""

    CDK = "cdk"
    PULUMI = "pulumi"


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the project goes: a folder that is new or empty.")
    ],
    engine: Annotated[Engine, typer.Option(help="What deploys it.")],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What everything is named after; the folder's name by default."),
    ] = None,
) -> None:
    """Make a project that a team starts from: a fleet with its body, tests, lint, pre-commit and CI.

    Exit status: 0 when it is made, 2 when it is not.
    """
    with told():
        from .scaffolding import make_project

        made = make_project(folder, engine, name)
    typer.echo(f"{folder} is the project {made}: run make in it, and commit the uv.lock that it writes")
