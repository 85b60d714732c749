"""The verb ``template diff``."""

from typing import Annotated

import typer

from ...console.exit_status import FAILED
from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from ..options import ResourceOption
from .options import Name


@talks_to_aws
def diff(
    name: Name,
    body: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A body, a CloudFormation template or a cdk.out folder; - is standard input."
        ),
    ],
    version: Annotated[
        int | None,
        typer.Option(metavar="VERSION", help="The version to compare with; the default version by default."),
    ] = None,
    resource: ResourceOption = None,
) -> None:
    """Show what a body would change.

    Lines with - are deployed, lines with + are in the file.

    What does not matter to AWS IoT, such as whitespace and order, is not a difference. Exit status: 0 when
    there is none, 1 when there is one, 2 when something could not be read.
    """
    with reporting_problems():
        from ...template_versions.comparing import compare_with_file

        lines = compare_with_file(name, body, version, resource)
    for line in lines:
        typer.echo(line)
    raise typer.Exit(FAILED if lines else 0)
