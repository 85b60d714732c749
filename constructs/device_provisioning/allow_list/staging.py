"""Checked rows on the way to the table, kept on disk so that an import can be taken up again."""

import os
import sqlite3
import stat
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Self

from ..aws_iot import ListedDevice
from ..aws_iot.listed_device import ExportedDevice
from ..console.sources import STANDARD_INPUT, UnreadableError
from .row import Row

LONGEST_BATCH = 1_000_000
"""Characters of the records of a batch of several: DynamoDB takes 4 MB in a transaction
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""
_A_COPY = "make room, or import a copy of the list in another folder"
_TABLES = """
CREATE TABLE source (
    size INTEGER, modified INTEGER, target TEXT, import_id TEXT, rejected INTEGER, import_arn TEXT,
    attempt INTEGER
);
CREATE TABLE device (
    serial_number TEXT PRIMARY KEY, line INTEGER, record TEXT, written INTEGER DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX unwritten ON device (line) WHERE NOT written;
"""


class RunningError(UnreadableError):
    """Another process imports the file."""


class Staging:
    """The rows of one import, in an SQLite database beside the file.

    Args:
        file: The file that is imported.
        target: Where it goes, and by which way.
        resume: Whether an earlier import is taken up.
        is_lasting: Whether there is anything to take up later; if not, nothing is written beside the file.
            It is by default.

    Raises:
        UnreadableError: If there is an earlier import and it is not taken up, or the other way round, if the
            file or the target is not the one of that import, if that is running, or if nothing can be written
            beside the file or something else is in its place.
    """

    def __init__(self, file: str, target: str, *, resume: bool, is_lasting: bool = True) -> None:
        self.path = Path(f"{file}.import")
        self._file = file
        self._is_lasting = is_lasting
        source = (*_state(file), target)
        if is_lasting:
            _require_own(self.path)
        exists = self.path.exists()
        if resume and not exists:
            raise UnreadableError(
                f"{self.path}: does not exist, so there is nothing to resume: leave out --resume"
            )
        with sqlite_errors(self.path):
            # SQLite deletes a database without a name when it is closed.
            self._database = sqlite3.connect(self.path if is_lasting else "", timeout=0, isolation_level=None)
        try:
            if is_lasting:
                self._lock()
            if resume:
                self._require_same(source)
            elif exists and is_lasting:
                raise UnreadableError(
                    f"{self.path}: an import of {file} was interrupted: give --resume, or delete that file"
                    " and start over"
                )
            else:
                self._begin(source)
        except BaseException as problem:
            self._database.close()
            if is_lasting and not exists and not isinstance(problem, RunningError):
                self.path.unlink(missing_ok=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def forget(self) -> None:
        """Delete the database: nothing is left to take up."""
        self._database.close()
        if self._is_lasting:
            self.path.unlink(missing_ok=True)

    @property
    def import_id(self) -> str:
        """Tells this import from every other."""
        return str(self._database.execute("SELECT import_id FROM source").fetchone()[0])

    @property
    def rejected(self) -> int | None:
        """How many rows were rejected; ``None`` as long as not every row of the file was read."""
        rejected: int | None = self._database.execute("SELECT rejected FROM source").fetchone()[0]
        return rejected

    @property
    def client_token(self) -> str:
        """Makes the start of DynamoDB's import one, however often it is asked for."""
        return "-".join(map(str, self._database.execute("SELECT import_id, attempt FROM source").fetchone()))

    @property
    def import_arn(self) -> str | None:
        """DynamoDB's import that is under way."""
        arn: str | None = self._database.execute("SELECT import_arn FROM source").fetchone()[0]
        return arn

    @import_arn.setter
    def import_arn(self, arn: str) -> None:
        self._database.execute("UPDATE source SET import_arn = ?", (arn,))

    def begin_another_import(self) -> None:
        """Forget DynamoDB's import, which failed."""
        self._database.execute("UPDATE source SET import_arn = NULL, attempt = attempt + 1")

    def take(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Keep the devices of rows; the rows that are rejected come back, repeated serial numbers too."""
        self._database.execute("BEGIN")
        self._database.execute("DELETE FROM device")
        rejected = 0
        for row in rows:
            if row.device and (earlier := self._add(row.line, row.device)):
                reason = f"duplicate serial_number, first on line {earlier}: {row.device.serial_number!r}"
                row = row._replace(device=None, reasons=(reason,))
            if row.device is None:
                rejected += 1
                yield row
        self._database.execute("UPDATE source SET rejected = ?", (rejected,))
        self._database.execute("COMMIT")

    def count(self, *, written: bool) -> int:
        """How many devices are, or are not, written."""
        query = "SELECT count(*) FROM device WHERE written = ?"
        return int(self._database.execute(query, (int(written),)).fetchone()[0])

    def unwritten(self, size: int) -> Iterator[list[ListedDevice]]:
        """Batches of devices that are not written, in the file's order; those of long records are shorter."""
        last = 0
        query = "SELECT line, record FROM device WHERE NOT written AND line > ? ORDER BY line LIMIT ?"
        while rows := self._database.execute(query, (last, size)).fetchall():
            lengths = accumulate(len(record) for _, record in rows)
            fitting = rows[: max(1, sum(length <= LONGEST_BATCH for length in lengths))]
            last = fitting[-1][0]
            yield [ExportedDevice.model_validate_json(record) for _, record in fitting]

    def twins(self, most: int) -> list[tuple[int, str]]:
        """Devices whose serial numbers differ from another one's in case only, each with its line."""
        query = (
            "SELECT line, serial_number FROM device WHERE lower(serial_number) IN (SELECT"
            " lower(serial_number) FROM device GROUP BY lower(serial_number) HAVING count(*) > 1 LIMIT ?)"
            " ORDER BY lower(serial_number), line LIMIT ?"
        )
        return [(int(line), str(name)) for line, name in self._database.execute(query, (most, most))]

    def mark_written(self, devices: Iterable[ListedDevice]) -> None:
        """Remember that devices are in the table."""
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany(
                "UPDATE device SET written = 1 WHERE serial_number = ?",
                [(device.serial_number,) for device in devices],
            )

    def mark_written_until(self, last: ListedDevice) -> None:
        """Remember that all devices up to this one, in the file's order, are written."""
        self._database.execute(
            "UPDATE device SET written = 1 WHERE NOT written"
            " AND line <= (SELECT line FROM device WHERE serial_number = ?)",
            (last.serial_number,),
        )

    def _lock(self) -> None:
        """Keep every other process out until the database is closed, however this one ends."""
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("BEGIN EXCLUSIVE")
            self._database.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                running = f"{self._file}: another import of it is running: wait until it has ended"
                raise RunningError(running) from None
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                problem = f"{self.path}: is not an import of this command: delete it"
            else:
                problem = _problem(self.path, error, _A_COPY)
            raise UnreadableError(problem) from None

    def _begin(self, source: tuple[int, int, str]) -> None:
        with sqlite_errors(self.path):
            self._database.executescript(_TABLES)
            self._database.execute(
                "INSERT INTO source VALUES (?, ?, ?, ?, NULL, NULL, 1)", (*source, uuid.uuid4().hex)
            )

    def _add(self, line: int, device: ListedDevice) -> int | None:
        """Keep a device; the line of the one that has its serial number already, if any."""
        record = device.model_dump_json(exclude_unset=True, exclude_none=True)
        values = (device.serial_number, line, record)
        insert = "INSERT OR IGNORE INTO device (serial_number, line, record) VALUES (?, ?, ?)"
        if self._database.execute(insert, values).rowcount:
            return None
        query = "SELECT line FROM device WHERE serial_number = ?"
        return int(self._database.execute(query, (device.serial_number,)).fetchone()[0])

    def _require_same(self, source: tuple[int, int, str]) -> None:
        try:
            query = "SELECT size, modified, target FROM source"
            size, modified, target = self._database.execute(query).fetchone()
        except (sqlite3.DatabaseError, TypeError):
            raise UnreadableError(f"{self.path}: is not an import of this command: delete it") from None
        if (size, modified) != source[:2]:
            raise UnreadableError(f"{self._file}: changed since its import began: delete {self.path}")
        if target != source[2]:
            raise UnreadableError(f"{self.path}: is an import with {target}: give that")


def _require_own(path: Path) -> None:
    """Make sure that nothing is there but what an import may have left: neither a link nor a folder."""
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        raise UnreadableError(
            f"{path}: is not a regular file, and the progress of the import is to be kept there: move it"
            " away, or import a copy of the list in another folder"
        )


def _state(file: str) -> tuple[int, int]:
    """What changes with a file; nothing of it is known of standard input."""
    if file == STANDARD_INPUT:
        return 0, 0
    status = Path(file).stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def sqlite_errors(path: Path, advice: str = _A_COPY) -> Iterator[None]:
    """Report what keeps SQLite from writing, such as a full disk, in one line.

    Args:
        path: The database of an import.
        advice: What to do; by default that of an import which has not begun to write.

    Raises:
        UnreadableError: If SQLite can't go on.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise UnreadableError(_problem(path, error, advice)) from None


def _problem(path: Path, error: sqlite3.Error, advice: str) -> str:
    return f"{path}: cannot be written: {error}: {advice}"
