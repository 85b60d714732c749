"""The verb ``explain``."""

from typing import Annotated

import typer

from ..lint import BodyType, BodyTypeOption
from ..problems import told
from ..simulate import ResourceOption


def explain(
    template: Annotated[
        str,
        typer.Argument(
            metavar="FILE|cdk.out|-",
            help="A CloudFormation template, a cdk.out folder or a body; - is standard input.",
        ),
    ],
    html: Annotated[
        str | None,
        typer.Option(metavar="PAGE", help="Write a page for a browser instead, which needs nothing else."),
    ] = None,
    devices: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Devices, as simulate takes them: show as well what each would get."
        ),
    ] = None,
    body_type: BodyTypeOption = BodyType.FLEET,
    resource: ResourceOption = None,
) -> None:
    """Show who may do what: from a device over its claim and the hook to what it gets and may use.

    Exit status: 0, or 2 when something could not be read or written.
    """
    from .explaining import Request, run

    with told():
        run(Request(template, body_type, resource, devices, html))
