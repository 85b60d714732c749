"""The verb ``init``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..console.problems import reporting_problems


class Engine(StrEnum):
    """What deploys a project."""

    CDK = "cdk"
    PULUMI = "pulumi"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory for the project.")],
    engine: Annotated[Engine, typer.Option(help="The engine that deploys it.")],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The project's name; the directory's name by default."),
    ] = None,
) -> None:
    """Create a project for a team to start from.

    It has a fleet with its body, tests, lint, pre-commit and CI.

    Exit status: 0 when it is made, 2 when it is not.
    """
    with reporting_problems():
        from ..project.scaffolding import make_project

        made = make_project(folder, engine, name)
    typer.echo(f"{folder} is the project {made}: run make in it, and commit the uv.lock that it writes")
