"""The verb ``simulate``."""

from typing import Annotated

import typer

from .lint import BodyType, BodyTypeOption
from .problems import told

DEVICES_FAILED, INTERRUPTED = 1, 130
ResourceOption = Annotated[
    str | None,
    typer.Option(metavar="LOGICAL_ID", help="The template, when a CloudFormation template holds several."),
]


def simulate(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE",
            help="A body, a CloudFormation template or a cdk.out folder; - is standard input.",
        ),
    ],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE…", help="More values of --device.")
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE…", help="What one device supplies; repeatable, all for that device."),
    ] = None,
    devices: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What each device supplies: a .csv file whose first line names the parameters (an empty cell"
            " supplies nothing), or a .jsonl file of objects.",
        ),
    ] = None,
    certificate: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.pem", help="A certificate whose subject supplies the parameters of JITP or IoTDA."
        ),
    ] = None,
    hook: Annotated[
        str | None,
        typer.Option(
            metavar="MODULE:FUNCTION", help="A pre-provisioning hook that is asked about each device."
        ),
    ] = None,
    existing: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Things that exist, an object a line as DescribeThing or simulate gives it."
        ),
    ] = None,
    body_type: BodyTypeOption = BodyType.FLEET,
    resource: ResourceOption = None,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Where the outcomes go; standard output by default.")
    ] = None,
) -> None:
    """Tell what each device would get, an object a line, and why others would get nothing.

    Exit status: 0 when every device is provisioned, 1 when any fails, 2 when something could not be read,
    130 after Ctrl-C.
    """
    from .simulating import Request, run

    request = Request(
        template=template,
        body_type=body_type,
        resource=resource,
        device=(*(device or ()), *(more or ())),
        devices=devices,
        certificate=certificate,
        hook=hook,
        existing=existing,
        out=out,
    )
    with told():
        status = run(request)
    raise typer.Exit(status)
