"""The verb ``plan``."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from ..console.problems import reporting_problems

_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


class PlanFormat(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"


def plan(
    devices: Annotated[int, typer.Option(metavar="N", min=1, help="How many devices enrol.")],
    region: Annotated[
        str | None,
        typer.Option(
            metavar="REGION", help="The Region; by default AWS_REGION, AWS_DEFAULT_REGION or us-east-1."
        ),
    ] = None,
    quota: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="A quota that AWS raised for you, such as RegisterThing=50; repeatable. AWS's defaults"
            " otherwise.",
        ),
    ] = None,
    thing_groups: Annotated[
        int, typer.Option(metavar="N", min=0, max=10, help="To how many groups each thing is added.")
    ] = 0,
    output_format: Annotated[
        PlanFormat, typer.Option("--format", help="A table for people, or JSON.")
    ] = PlanFormat.TEXT,
) -> None:
    """Show how long devices take to enrol, and the cost.

    It names the quotas of AWS that hold them up, by each way.

    AWS is not asked: quotas and prices are from dated tables. Exit status: 0, or 2 when an option is wrong.
    """
    from ..capacity import quotas, report
    from ..capacity.planning import plans

    place = region or next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "us-east-1")
    with reporting_problems():
        planned = plans(devices, quotas.rates(place, quota or ()), thing_groups)
    if output_format is PlanFormat.JSON:
        typer.echo(report.as_json(planned, devices, place))
    else:
        report.show(planned, devices, place)
