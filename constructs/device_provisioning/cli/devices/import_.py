"""The verb ``devices import``."""

from ...allow_list.way import Via
from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from ..options import Normalise
from . import import_options, s3_options
from .options import TableToImportInto


@talks_to_aws
def import_devices(
    file: import_options.File,
    table: TableToImportInto = None,
    validate_only: import_options.ValidateOnly = False,
    dry_run: import_options.DryRun = False,
    resume: import_options.Resume = False,
    restore: import_options.Restore = False,
    skip_rejects: import_options.SkipRejects = False,
    rejects: import_options.Rejects = None,
    parallel: import_options.Parallel = 8,
    give_up_after: import_options.GiveUpAfter = 300,
    template: import_options.Template = None,
    serial_number_pattern: import_options.SerialNumberPattern = None,
    normalise: Normalise = None,
    via: s3_options.ViaOption = Via.TRANSACTIONS,
    bucket: s3_options.Bucket = None,
    encryption_key: s3_options.EncryptionKey = None,
) -> None:
    """Add or update devices on the allow list.

    What the hook wrote about their registrations is kept.

    Every row is checked before the first is written. Exit status: 0 when every row is on the list, 1 when
    rows were rejected, 2 when something could not be read or written, 130 after Ctrl-C.
    """
    from ...allow_list.importing import ImportRequest, import_file

    request = ImportRequest(
        file=file,
        table_name=table or "",
        validate_only=validate_only,
        dry_run=dry_run,
        resume=resume,
        restore=restore,
        skip_rejects=skip_rejects,
        rejects=rejects or f"{'devices' if file == '-' else file}.rejects.csv",
        parallel=parallel,
        give_up_after=give_up_after,
        via=via,
        bucket=bucket,
        encryption_key=encryption_key,
        template=template,
        serial_number_pattern=serial_number_pattern,
        normalise=tuple(normalise or ()),
    )
    exit_with(lambda: import_file(request))
