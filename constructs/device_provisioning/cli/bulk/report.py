"""The verb ``bulk report``."""

from typing import Annotated

import typer

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from .options import Task


@talks_to_aws
def report(
    task: Task,
    results: Annotated[
        bool, typer.Option("--results", help="Report what was registered instead of what failed.")
    ] = False,
) -> None:
    """Write the lines of a task's report: what failed, and why."""
    with reporting_problems():
        from ...bulk.reports import report_lines

        for line in report_lines(task, "RESULTS" if results else "ERRORS"):
            typer.echo(line)
