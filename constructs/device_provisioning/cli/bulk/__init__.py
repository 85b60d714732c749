"""The verbs of ``device-provisioning bulk``: devices registered from a file."""

from typing import Annotated

import typer

from ..problems import told

FAILED, INTERRUPTED = 1, 130

Task = Annotated[str, typer.Argument(metavar="TASK", help="The id that start told.")]

app = typer.Typer(no_args_is_help=True, help="Register devices in bulk.")


@app.command(
    epilog="Example: device-provisioning bulk start devices.csv --template body.json --bucket BUCKET"
    " --role ROLE_ARN"
)
def start(
    devices: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Parameters: a .csv file whose first line names them, or a .jsonl file of objects.",
        ),
    ],
    template: Annotated[str, typer.Option(metavar="FILE", help="The bulk body.")],
    bucket: Annotated[str, typer.Option(help="Where the parameters are uploaded to.")],
    role: Annotated[str, typer.Option(metavar="ARN", help="The role that AWS IoT registers devices with.")],
) -> None:
    """Check every line against the body, upload, start a task and follow it.

    Nothing is uploaded unless every line is good. Ctrl-C leaves the task running. Exit status: 0 when every
    device is registered, 1 when some are not, 2 when something is wrong, 130 after Ctrl-C.
    """
    with told():
        from .following import follow
        from .starting import start_task

        task = start_task(devices, template, bucket, role)
        typer.echo(f"task {task} has been started")
        status = follow(task)
    raise typer.Exit(status)


@app.command(epilog="Example: device-provisioning bulk status TASK --follow")
def status(
    task: Task,
    follow: Annotated[bool, typer.Option("--follow", help="Wait until it is done.")] = False,
) -> None:
    """Show how far a task is.

    Exit status as of start; without --follow 0 also while it runs.
    """
    with told():
        from .following import follow as wait
        from .following import show

        exit_status = wait(task) if follow else show(task)
    raise typer.Exit(exit_status)


@app.command(epilog="Example: device-provisioning bulk report TASK > errors.jsonl")
def report(
    task: Task,
    results: Annotated[
        bool, typer.Option("--results", help="What was registered instead of what failed.")
    ] = False,
) -> None:
    """Write the lines of a task's report: what failed, and why."""
    with told():
        from .reports import report_lines

        for line in report_lines(task, "RESULTS" if results else "ERRORS"):
            typer.echo(line)
