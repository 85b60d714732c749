"""The verb ``bulk status``."""

from typing import Annotated

import typer

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from .options import Task


@talks_to_aws
def status(
    task: Task,
    follow: Annotated[bool, typer.Option("--follow", help="Wait until the task is done.")] = False,
) -> None:
    """Show how far a task is.

    Exit status as of start; without --follow 0 also while it runs.
    """
    with reporting_problems():
        from ...bulk.following import follow as wait
        from ...bulk.following import show

        exit_status = wait(task) if follow else show(task)
    raise typer.Exit(exit_status)
