"""The verb ``bulk start``."""

from typing import Annotated

import typer

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from ..options import Normalise


@talks_to_aws
def start(
    devices: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A list as for devices import, or parameters: a .csv file whose first line names them, or a"
            " .jsonl file of objects; - is one of them on standard input.",
        ),
    ],
    template: Annotated[str, typer.Option(metavar="FILE", help="The bulk body.")],
    bucket: Annotated[str, typer.Option(metavar="NAME", help="Where the parameters are uploaded to.")],
    role: Annotated[str, typer.Option(metavar="ARN", help="The role that AWS IoT registers devices with.")],
    normalise: Normalise = None,
) -> None:
    """Register the devices of a file in a task.

    Every line is checked against the body before the file is uploaded, and the task is followed to its end.

    Nothing is uploaded unless every line is good. Ctrl-C leaves the task running. Exit status: 0 when every
    device is registered, 1 when some are not, 2 when something is wrong, 130 after Ctrl-C.
    """
    with reporting_problems("`aws iot list-thing-registration-tasks` shows whether a task was started"):
        from ...bulk.following import follow
        from ...bulk.starting import start_task

        task = start_task(devices, template, bucket, role, normalise or ())
        typer.echo(f"task {task} has been started")
        status = follow(task)
    raise typer.Exit(status)
