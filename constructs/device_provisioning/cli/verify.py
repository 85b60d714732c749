"""The verb ``verify``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..console.problems import exit_with
from .aws_options import talks_to_aws

REPORT = "Where to write the report; standard output by default."
ENDPOINT = (
    "Where devices connect to, HOST or HOST:PORT, such as an endpoint of your own domain;"
    " the account's by default."
)
CA_FILE = "The CAs that devices trust, in PEM; those of this machine by default."
CLOUD_TRAIL = (
    "Wait so long for CloudTrail, which takes about 5 minutes, and report what AWS IoT called to register"
    " a device; CloudTrail is not asked by default."
)


class Engine(StrEnum):
    """What deploys the fleet."""

    CDK = "cdk"
    PULUMI = "pulumi"


@talks_to_aws
def verify(
    engine: Annotated[Engine, typer.Option(help="What deploys the fleet.")] = Engine.CDK,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the fleet, without its devices.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    report: Annotated[str | None, typer.Option(metavar="FILE", help=REPORT)] = None,
    endpoint: Annotated[str | None, typer.Option(metavar="HOST", help=ENDPOINT)] = None,
    ca_file: Annotated[Path | None, typer.Option(metavar="FILE", help=CA_FILE)] = None,
    cloud_trail: Annotated[
        int | None, typer.Option(metavar="MINUTES", min=0, max=60, help=CLOUD_TRAIL)
    ] = None,
) -> None:
    """Try in your own account what this library promises.

    It deploys a disposable fleet, lets devices try to enrol and to misuse it, removes everything, and reports
    what AWS answered. Before it starts it says what it makes, where, and what that costs, and asks.

    Exit status: 0 when every promise is kept and nothing is left, 1 when not, 2 when it could not start,
    130 after Ctrl-C.
    """
    from ..verification.run import Request, verify

    def agree(plan: str) -> bool:
        typer.echo(plan, err=True)
        return yes or typer.confirm("Go on?", err=True)

    request = Request(engine.value, keep, report, endpoint, ca_file, cloud_trail)
    exit_with(lambda: verify(request, agree))
