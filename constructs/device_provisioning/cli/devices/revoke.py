"""The verb ``devices revoke``."""

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from . import revocation_options as options
from . import revoke_options
from .options import Table


@talks_to_aws
def revoke_devices(
    table: Table,
    serial_numbers: options.SerialNumbers = None,
    batch: options.Batch = None,
    file: options.File = None,
    quarantine_group: revoke_options.QuarantineGroup = None,
    repair: revoke_options.Repair = False,
    thing_name_prefix: revoke_options.ThingNamePrefix = None,
    resume: revoke_options.Resume = False,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    parallel: options.Parallel = 4,
    trail: options.Trail = None,
    output_format: options.Format = options.LineFormat.TEXT,
) -> None:
    """Take devices out of the fleet.

    Their records are blocked, certificates deactivated, policies detached, and connections closed.

    What would be done is shown first. The records remember what is taken away: release gives it back. Exit
    status: 0 when all are out, 1 when some are not or you decline, 2 when something is wrong, 130 after
    Ctrl-C.
    """
    from ...revocation.revoking import Wanted
    from ...revocation.run import Request, revoke

    request = Request(
        table_name=table,
        serial_numbers=serial_numbers or (),
        batch=batch,
        file=file,
        yes=yes,
        dry_run=dry_run,
        parallel=parallel,
        as_json=output_format is options.LineFormat.JSON,
        trail=trail,
    )
    wanted = Wanted(quarantine_group, repair, thing_name_prefix, resume)
    exit_with(lambda: revoke(request, wanted, options.confirmed))
