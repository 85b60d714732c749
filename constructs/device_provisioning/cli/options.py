"""Options that several verbs share."""

from typing import Annotated

import typer

from ..allow_list.normalisation import Normalisation
from ..lint.body_type import BodyType
from ..version import __version__

BodyTypeOption = Annotated[BodyType, typer.Option("--type", help="The type of a standalone body file.")]
ResourceOption = Annotated[
    str | None,
    typer.Option(metavar="LOGICAL_ID", help="The template, when a CloudFormation template has several."),
]

Normalise = Annotated[
    list[Normalisation] | None,
    typer.Option(
        metavar=f"<{'|'.join(Normalisation)}>",
        help="A change that every serial number gets, such as lower and no-separators for MAC addresses;"
        " repeatable. Devices have to present what becomes of it.",
    ),
]

ConditionOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="What a condition of a CloudFormation template is, true or false; repeatable. Both by default.",
    ),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
]
