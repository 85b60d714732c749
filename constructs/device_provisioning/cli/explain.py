"""The verb ``explain``."""

import json
from typing import Annotated

import typer

from ..console.problems import reporting_problems
from ..console.sources import UnreadableError
from ..lint.body_type import BodyType
from .aws_options import talks_to_aws
from .options import BodyTypeOption, ConditionOption, ResourceOption


@talks_to_aws
def explain(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A CloudFormation template, a cdk.out folder, a preview or state of Pulumi, a plan of"
            " Terraform or a body; - is standard input.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The name of a deployed template, in the place of a file."),
    ] = None,
    html: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a self-contained HTML page instead."),
    ] = None,
    devices: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Devices, as for simulate: also show what each would get."),
    ] = None,
    body_type: BodyTypeOption = BodyType.FLEET,
    resource: ResourceOption = None,
    condition: ConditionOption = None,
) -> None:
    """Show each permission from a device to its topics.

    Exit status: 0, or 2 when something could not be read or written.
    """
    from ..explain.run import Request, run

    with reporting_problems():
        if (file is None) == (template is None):
            raise UnreadableError("give a FILE, or --template with the name of a deployed template")
        document = _read(template) if template else None
        given = template or file or ""
        run(Request(given, body_type, resource, devices, html, tuple(condition or ()), document))


def _read(name: str) -> str:
    from ..adopt.reading_claims import read_fleet_with_claims
    from ..adopt.stack import stack_of

    return json.dumps(stack_of(read_fleet_with_claims(name)))
