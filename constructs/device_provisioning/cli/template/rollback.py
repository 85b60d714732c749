"""The verb ``template rollback``."""

from typing import Annotated

import typer

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from .agreement import agreement
from .options import DryRun, Name, Yes


@talks_to_aws
def rollback(
    name: Name,
    to: Annotated[
        int | None,
        typer.Option(metavar="VERSION", help="The version; the newest before the default one by default."),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Make an earlier version the default again.

    The next deployment sets its own.

    Exit status: 0 when it is done or there is nothing to do, 1 if you decline, 2 when it could not be done.
    """
    with reporting_problems("nothing was changed"):
        from ...template_versions.changes import roll_back

        roll_back(name, to, agreement(yes=yes, dry_run=dry_run))
