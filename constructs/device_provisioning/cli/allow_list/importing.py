"""Importing a file: every row is checked, then all are written, batch by batch."""

import csv
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..interruption import Interruption
from ..sources import UnreadableError
from . import FAILED, INTERRUPTED, Via
from .bucket import Bucket
from .new_table import NewTable
from .progress import bar
from .row import Row
from .rows import read_rows
from .staging import Staging
from .table import LOOK_UP, AllowListTable
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
    via: Via
    bucket: str | None
    encryption_key: str | None

    @property
    def target(self) -> str:
        """Where devices go, as options."""
        by_s3 = f" --via {self.via} --bucket {self.bucket}" if self.via is Via.S3_IMPORT else ""
        key = f" --encryption-key {self.encryption_key}" if self.encryption_key else ""
        return f"--table {self.table_name}{by_s3}{key}"


def import_file(request: ImportRequest) -> int:
    """Import a file; the exit status.

    Raises:
        UnreadableError: If something can't be read or written.
    """
    _require_sense(request)
    if request.via is Via.S3_IMPORT and not (request.resume or request.validate_only):
        NewTable(request.table_name).require_new()
    try:
        staging = Staging(request.file, request.target, resume=request.resume)
    except OSError as error:
        raise UnreadableError(f"{request.file}: cannot be read: {error.strerror or error}") from None
    with staging:
        try:
            rejected = _check(request, staging) if staging.rejected is None else staging.rejected
        except (KeyboardInterrupt, UnreadableError) as problem:
            staging.forget()
            if isinstance(problem, UnreadableError):
                raise
            _tell("interrupted before the first device was written")
            return INTERRUPTED
        if request.validate_only or request.dry_run or (rejected and not request.skip_rejects):
            return _finish_unwritten(request, staging, rejected)
        write = _hand_over if request.via is Via.S3_IMPORT else _write
        return write(request, staging, rejected)


def _require_sense(request: ImportRequest) -> None:
    taken = [Path(request.file).resolve(), Path(f"{request.file}.import").resolve()]
    by_s3 = request.via is Via.S3_IMPORT
    problems = {
        f"{request.rejects}: is used here: give another file for the rejects": (
            Path(request.rejects).resolve() in taken
        ),
        "--resume: goes on with writing: leave out --validate-only and --dry-run": (
            request.resume and (request.validate_only or request.dry_run)
        ),
        "--via s3-import: needs a --bucket": by_s3 and not request.bucket,
        "--bucket and --encryption-key: are for --via s3-import": (
            not by_s3 and (request.bucket or request.encryption_key)
        ),
    }
    if found := [problem for problem, is_one in problems.items() if is_one]:
        raise UnreadableError("\n".join(found))


def _check(request: ImportRequest, staging: Staging) -> int:
    rows = read_rows(request.file)
    with bar("checked", rows.size) as move:
        counted = _counted(rows, lambda devices: move(rows.read, devices))
        rejected = _write_rejects(request, staging.take(counted))
    devices = staging.count(written=False)
    if not devices and not rejected:
        raise UnreadableError(f"{request.file}: holds no device")
    _tell(f"{devices:,} devices are fine, {rejected:,} rows are rejected")
    if devices > MANY and request.via is Via.TRANSACTIONS:
        _tell("for that many, --via s3-import lets DynamoDB itself make a new table")
    return rejected


def _write_rejects(request: ImportRequest, rows: Iterable[Row]) -> int:
    """Write what is rejected to a file of its own; how many rows that are."""
    path, count, writer, file = Path(request.rejects), 0, None, None
    with suppress(FileNotFoundError):
        path.unlink()
    try:
        for row in rows:
            if writer is None:
                file = path.open("w", encoding="utf-8", newline="")
                writer = csv.writer(file)
                writer.writerow(["line", "reasons", "row"])
            writer.writerow([row.line, "; ".join(row.reasons), row.text])
            count += 1
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        if file:
            file.close()
    if count:
        _tell(f"{path}: the rejected rows, with line and reasons")
    return count


def _finish_unwritten(request: ImportRequest, staging: Staging, rejected: int) -> int:
    try:
        if request.dry_run:
            _tell_what_would_happen(request, staging)
        elif rejected and not request.validate_only:
            _tell("nothing is written: mend the rows, or give --skip-rejects to write the others")
    finally:
        staging.forget()
    return FAILED if rejected else 0


def _tell_what_would_happen(request: ImportRequest, staging: Staging) -> None:
    if request.via is Via.S3_IMPORT:
        _tell(f"{staging.count(written=False):,} devices would be in the new table {request.table_name}")
        return
    table = AllowListTable(request.table_name)
    devices, known = 0, 0
    for batch in staging.unwritten(LOOK_UP):
        devices += len(batch)
        known += table.known(batch)
    _tell(f"{devices - known:,} devices would be new on the list, {known:,} are on it and kept in step")


def _write(request: ImportRequest, staging: Staging, rejected: int) -> int:
    table = AllowListTable(request.table_name, request.parallel, staging.import_id)
    with Interruption() as interruption, bar("written", staging.count(written=False)) as move:
        writer = Writer(
            staging, table, request.parallel, lambda written: move(written, written), interruption
        )
        try:
            writer.write_all()
        except UnreadableError as problem:
            raise UnreadableError(f"{problem}\n{_how_far(staging)}") from None
    if interruption.asked:
        _tell(f"interrupted: {_how_far(staging)}")
        return INTERRUPTED
    _tell(f"{writer.written:,} devices are written")
    staging.forget()
    return FAILED if rejected else 0


def _hand_over(request: ImportRequest, staging: Staging, rejected: int) -> int:
    bucket = Bucket(str(request.bucket), staging.import_id)
    try:
        is_done = NewTable(request.table_name, request.encryption_key).fill(staging, bucket)
    except UnreadableError as problem:
        if not staging.count(written=True):
            staging.forget()
            raise
        raise UnreadableError(f"{problem}\nwhat is uploaded stays: --resume goes on") from None
    if not is_done:
        return INTERRUPTED
    staging.forget()
    return FAILED if rejected else 0


def _how_far(staging: Staging) -> str:
    """How far an import came that ended early; one that wrote nothing leaves nothing."""
    written, left = staging.count(written=True), staging.count(written=False)
    if written:
        return f"{written:,} devices are written and {left:,} are left: --resume goes on with them"
    staging.forget()
    return "nothing was written"


def _counted(rows: Iterable[Row], told: Callable[[int], None]) -> Iterable[Row]:
    for number, row in enumerate(rows):
        if number % 1000 == 0:
            told(number)
        yield row


def _tell(text: str) -> None:
    from ..formats import printable

    sys.stderr.write(f"{printable(text)}\n")
