"""Importing a file: every row is checked, then all are written, batch by batch."""

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ..console.exit_status import FAILED, INTERRUPTED
from ..console.interruption import Interruption
from ..console.progress import bar
from ..console.sources import STANDARD_INPUT, UnreadableError, require_one_standard_input
from .bucket import Bucket
from .check_report import MOST_SHOWN, CheckReport, counted
from .new_table import NewTable
from .normalisation import Normalisation
from .normalising import normalised
from .rejects import write_rejects
from .row import Row
from .rows import read_rows
from .serial_number_form import SerialNumberForm, given_pattern, pattern_of_table, pattern_of_template
from .staging import Staging, sqlite_errors
from .table import LOOK_UP, AllowListTable
from .way import Via
from .writing import Writer

MANY = 2_000_000


@dataclass(frozen=True)
class ImportRequest:
    """What the command line asks for: see the options of ``devices import``."""

    file: str
    table_name: str
    validate_only: bool
    dry_run: bool
    resume: bool
    skip_rejects: bool
    rejects: str
    parallel: int
    give_up_after: float
    via: Via
    bucket: str | None
    encryption_key: str | None
    template: str | None = None
    serial_number_pattern: str | None = None
    restore: bool = False
    normalise: tuple[Normalisation, ...] = ()

    @property
    def is_lasting(self) -> bool:
        """Whether an import is kept beside the file, so that it can be taken up again."""
        return self.file != STANDARD_INPUT and not (self.validate_only or self.dry_run)

    @property
    def target(self) -> str:
        """Where devices go, as options."""
        by_s3 = f" --via {self.via} --bucket {self.bucket}" if self.via is Via.S3_IMPORT else ""
        key = f" --encryption-key {self.encryption_key}" if self.encryption_key else ""
        restore = " --restore" if self.restore else ""
        changes = "".join(f" --normalise {change}" for change in self.normalise)
        return f"--table {self.table_name}{by_s3}{key}{restore}{changes}"


def import_file(request: ImportRequest) -> int:
    """Import a file; the exit status.

    Raises:
        UnreadableError: If something can't be read or written.
    """
    require_one_standard_input(request.file, request.template)
    _require_sense(request)
    if request.via is Via.S3_IMPORT and not (request.resume or request.validate_only):
        NewTable(request.table_name).require_new()
    is_written = not (request.validate_only or request.dry_run)
    try:
        staging = Staging(request.file, request.target, resume=request.resume, is_lasting=request.is_lasting)
    except OSError as error:
        raise UnreadableError(f"{request.file}: cannot be read: {error.strerror or error}") from None
    with staging:
        try:
            with sqlite_errors(staging.path):
                rejected = _check(request, staging) if staging.rejected is None else staging.rejected
        except KeyboardInterrupt:
            staging.forget()
            _report("interrupted before the first device was written")
            return INTERRUPTED
        except BaseException:
            staging.forget()
            raise
        with sqlite_errors(staging.path, f"make room, and {_way_on(request)}"):
            if not is_written or (rejected and not request.skip_rejects):
                return _finish_unwritten(request, staging, rejected)
            write = _hand_over if request.via is Via.S3_IMPORT else _write
            return write(request, staging, rejected)


def _require_sense(request: ImportRequest) -> None:
    taken = [os.path.realpath(request.file), os.path.realpath(f"{request.file}.import")]
    by_s3, is_file = request.via is Via.S3_IMPORT, request.file != STANDARD_INPUT
    problems = {
        "--table: is needed to import: give the name of the table, or --validate-only": (
            not request.table_name and not request.validate_only
        ),
        f"{request.rejects}: is already in use: give another file for the rejects": (
            os.path.realpath(request.rejects) in taken
        ),
        "--resume: continues writing: leave out --validate-only and --dry-run": (
            request.resume and (request.validate_only or request.dry_run)
        ),
        "--template and --serial-number-pattern: give one of them": (
            request.template is not None and request.serial_number_pattern is not None
        ),
        f"--restore: {request.file}: give the .jsonl file that export wrote": (
            is_file and request.restore and Path(request.file).suffix.lower() != ".jsonl"
        ),
        "--restore and --normalise: records are restored as they were: give one of them": (
            request.restore and request.normalise
        ),
        "--resume and --via s3-import: standard input can't be read again: give a file": (
            not is_file and (request.resume or by_s3)
        ),
        "--via s3-import: needs a --bucket": by_s3 and not request.bucket,
        "--bucket and --encryption-key: are for --via s3-import": (
            not by_s3 and (request.bucket or request.encryption_key)
        ),
    }
    if found := [problem for problem, is_one in problems.items() if is_one]:
        raise UnreadableError("\n".join(found))


def _check(request: ImportRequest, staging: Staging) -> int:
    rows = read_rows(request.file, is_export=request.restore)
    with bar("checked", rows.size) as move:
        followed = iter(_followed(rows, lambda devices: move(rows.read, devices)))
        first = next(followed, None)
        if first is None:
            raise UnreadableError(f"{request.file}: contains no devices")
        form = _form(request)
        report = CheckReport()
        read = normalised(chain([first], followed), request.normalise)
        checked = report.of_all(form.checked(read))
        rejected = write_rejects(request.rejects, report.of_rejected(staging.take(checked)))
    if rejected:
        _report(f"{request.rejects}: the rejected rows, with line and reasons")
    for line in report.lines(staging.twins(MOST_SHOWN + 1)):
        _report(line)
    devices = staging.count(written=False)
    _report(f"{counted(devices, 'row')} valid, {rejected:,} rejected")
    if form.warning:
        _report(form.warning)
    if devices > MANY and request.via is Via.TRANSACTIONS:
        _report("for this many devices, --via s3-import lets DynamoDB create a new table")
    return rejected


def _form(request: ImportRequest) -> SerialNumberForm:
    if request.serial_number_pattern is not None:
        given = given_pattern(request.serial_number_pattern)
        return SerialNumberForm(lambda: given)
    if request.template:
        deployed = pattern_of_template(request.template)
        return SerialNumberForm(lambda: deployed)
    is_asked = request.via is Via.TRANSACTIONS and not request.validate_only
    return SerialNumberForm(lambda: pattern_of_table(request.table_name) if is_asked else None)


def _finish_unwritten(request: ImportRequest, staging: Staging, rejected: int) -> int:
    try:
        if request.dry_run:
            _report_dry_run(request, staging)
        elif rejected and not request.validate_only:
            _report("nothing was written: fix the rows, or give --skip-rejects to write the others")
    finally:
        staging.forget()
    return FAILED if rejected else 0


def _report_dry_run(request: ImportRequest, staging: Staging) -> None:
    if request.via is Via.S3_IMPORT:
        new = counted(staging.count(written=False), "device")
        _report(f"{new} would be in the new table {request.table_name}")
        return
    table = AllowListTable(request.table_name)
    devices, known = 0, 0
    for batch in staging.unwritten(LOOK_UP):
        devices += len(batch)
        known += table.known(batch)
    others = f"leave {known:,} unchanged" if request.restore else f"update {known:,}"
    _report(f"would add {counted(devices - known, 'device')} and {others}")


def _write(request: ImportRequest, staging: Staging, rejected: int) -> int:
    done = ""
    with Interruption() as interruption:
        try:
            done = _write_all(request, staging, interruption)
        except KeyboardInterrupt:
            interruption.asked = True
        except UnreadableError as problem:
            raise UnreadableError(f"{problem}\n{_how_far(request, staging)}") from None
    if interruption.asked:
        _report(f"interrupted: {_left(request, staging)}")
        return INTERRUPTED
    _report(done)
    staging.forget()
    return FAILED if rejected else 0


def _write_all(request: ImportRequest, staging: Staging, interruption: Interruption) -> str:
    """Write all that is left; says how much that was."""
    table = AllowListTable(request.table_name, request.parallel, staging.import_id)
    with bar("written", staging.count(written=False)) as move:

        def report(written: int, note: str) -> None:
            move.note = note
            move(written, written)

        writer = Writer(
            staging,
            table,
            request.parallel,
            report,
            interruption,
            request.give_up_after,
            restores=request.restore,
        )
        writer.write_all()
    restored = f", {table.kept:,} of them already on the list and left unchanged" if request.restore else ""
    return f"{counted(writer.written, 'device')} written{restored}"


def _hand_over(request: ImportRequest, staging: Staging, rejected: int) -> int:
    try:
        bucket = Bucket(str(request.bucket), staging.import_id)
        is_done = NewTable(request.table_name, request.encryption_key).fill(staging, bucket)
    except UnreadableError as problem:
        if not staging.count(written=True):
            staging.forget()
            raise
        raise UnreadableError(f"{problem}\nwhat was uploaded is kept: continue with --resume") from None
    if not is_done:
        return INTERRUPTED
    staging.forget()
    return FAILED if rejected else 0


def _how_far(request: ImportRequest, staging: Staging) -> str:
    """How far an import came that ended early; one that wrote nothing leaves nothing."""
    if staging.count(written=True):
        return _left(request, staging)
    staging.forget()
    return "nothing was written"


def _left(request: ImportRequest, staging: Staging) -> str:
    written, left = staging.count(written=True), staging.count(written=False)
    return f"{counted(written, 'device')} written, {left:,} left: {_way_on(request)}"


def _way_on(request: ImportRequest) -> str:
    return "continue with --resume" if request.is_lasting else "give the whole list again"


def _followed(rows: Iterable[Row], report: Callable[[int], None]) -> Iterable[Row]:
    for number, row in enumerate(rows):
        if number % 1000 == 0:
            report(number)
        yield row


def _report(text: str) -> None:
    from ..console.text import printable

    sys.stderr.write(f"{printable(text)}\n")
