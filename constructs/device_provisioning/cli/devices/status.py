"""The verb ``devices status``."""

from typing import Annotated

import typer

from ...console.problems import exit_with
from ...enrolment.status_format import StatusFormat
from ..aws_options import talks_to_aws
from .options import Table


@talks_to_aws
def devices_status(
    table: Table,
    registered: Annotated[bool, typer.Option("--registered", help="List devices that registered.")] = False,
    never: Annotated[
        bool, typer.Option("--never", help="List devices that have not registered, and are not about to.")
    ] = False,
    blocked: Annotated[bool, typer.Option("--blocked", help="List devices that are blocked.")] = False,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="List devices that asked to register since then: a date, a time with its zone, or 30m, 24h"
            " or 7d for so long ago.",
        ),
    ] = None,
    log_group: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The log group of the hook: devices that it denied are counted, of the last 24 hours.",
        ),
    ] = None,
    parallel: Annotated[
        int,
        typer.Option(metavar="NUMBER", min=1, max=64, help="How many certificates are asked about at once."),
    ] = 4,
    output_format: Annotated[
        StatusFormat, typer.Option("--format", help="A table or lines of words, CSV, or lines of JSON.")
    ] = StatusFormat.TEXT,
) -> None:
    """Count who enrolled, or list them.

    Devices are counted by their batches, if records have some: each as never, reserved, registered or gone.

    What became of certificates is asked of AWS IoT: iot:DescribeCertificate, and iot:ListCertificates if
    there are many.
    """
    from ...enrolment.status import StatusRequest, show_status

    request = StatusRequest(table, registered, never, blocked, since, log_group, parallel, output_format)
    exit_with(lambda: show_status(request))
