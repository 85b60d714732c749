"""The verb ``template prune``."""

from ...console.problems import reporting_problems
from ..aws_options import talks_to_aws
from .agreement import agreement
from .options import DryRun, Name, Yes


@talks_to_aws
def prune(name: Name, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Delete versions that are not needed.

    Copies of a body are deleted, and all versions but the default one and the two newest others.

    Exit status: 0 when it is done or there is nothing to do, 1 if you decline, 2 when it could not be done.
    """
    with reporting_problems("nothing was changed"):
        from ...template_versions.changes import prune as delete

        delete(name, agreement(yes=yes, dry_run=dry_run))
