"""Checked rows on the way to the table, kept on disk so that an import can be taken up again."""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Self

from ...aws_iot import ListedDevice
from ..sources import UnreadableError
from .row import Row

LONGEST_BATCH = 1_000_000
"""Characters of the records of a batch of several: DynamoDB takes 4 MB in a transaction
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""
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


class Staging:
    """The rows of one import, in an SQLite database beside the file.

    Args:
        file: The file that is imported.
        target: Where it goes, and by which way.
        resume: Whether an earlier import is taken up.

    Raises:
        UnreadableError: If there is an earlier import and it is not taken up, or the other way round, or if
            the file or the target is not the one of that import.
    """

    def __init__(self, file: str, target: str, *, resume: bool) -> None:
        self.path = Path(f"{file}.import")
        status = Path(file).stat()
        source = (status.st_size, status.st_mtime_ns, target)
        if resume:
            self._require_same(file, source)
        elif self.path.exists():
            raise UnreadableError(
                f"{self.path}: an import of {file} was interrupted: give --resume, or delete that file and"
                " begin anew"
            )
        self._database = sqlite3.connect(self.path, isolation_level=None)
        if not resume:
            self._database.executescript(_TABLES)
            self._database.execute(
                "INSERT INTO source VALUES (?, ?, ?, ?, NULL, NULL, 1)", (*source, uuid.uuid4().hex)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def forget(self) -> None:
        """Delete the database: nothing is left to take up."""
        self._database.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

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
                reason = f"serial_number stands in line {earlier} too: {row.device.serial_number!r}"
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
            yield [ListedDevice.model_validate_json(record) for _, record in fitting]

    def mark_written(self, devices: Iterable[ListedDevice]) -> None:
        """Remember that devices are in the table."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "UPDATE device SET written = 1 WHERE serial_number = ?",
            [(device.serial_number,) for device in devices],
        )
        self._database.execute("COMMIT")

    def mark_written_until(self, last: ListedDevice) -> None:
        """Remember that all devices up to this one, in the file's order, are written."""
        self._database.execute(
            "UPDATE device SET written = 1 WHERE NOT written"
            " AND line <= (SELECT line FROM device WHERE serial_number = ?)",
            (last.serial_number,),
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

    def _require_same(self, file: str, source: tuple[int, int, str]) -> None:
        if not self.path.exists():
            raise UnreadableError(
                f"{self.path}: is not there, so there is nothing to resume: leave --resume out"
            )
        database = sqlite3.connect(self.path)
        try:
            size, modified, target = database.execute("SELECT size, modified, target FROM source").fetchone()
        except (sqlite3.DatabaseError, TypeError):
            raise UnreadableError(f"{self.path}: is no import of this command: delete it") from None
        finally:
            database.close()
        if (size, modified) != source[:2]:
            raise UnreadableError(f"{file}: changed since its import was interrupted: delete {self.path}")
        if target != source[2]:
            raise UnreadableError(f"{self.path}: is an import with {target}: give that")
