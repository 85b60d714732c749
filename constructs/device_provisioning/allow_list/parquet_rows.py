"""Rows of Apache Parquet."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..console.input_lines import LONGEST_LINE
from ..console.sources import UnreadableError
from .row import OVERRIDE, OVERRIDES, Row, device_values, require_columns, row_of

ROWS_AT_ONCE = 1000
BYTES_AT_ONCE = 1 << 20


class ParquetRows:
    """The rows of a Parquet file; a null says nothing.

    Columns are read in pieces of about a MiB, so memory depends on the longest rows and not on their number
    or on how they are grouped.

    Args:
        file: The file.

    Raises:
        UnreadableError: If the file is not a list of devices; while iterating, when no more rows can be read.
    """

    def __init__(self, file: str) -> None:
        self._name = file
        self.read = 0
        import pyarrow
        from pyarrow.parquet import ParquetFile

        self._errors = (OSError, ValueError, pyarrow.ArrowException)
        try:
            self._file = ParquetFile(file, buffer_size=BYTES_AT_ONCE, pre_buffer=False)
            names = list(self._file.schema_arrow.names)
        except self._errors as error:
            raise self._problem(error) from None
        as_map = [] if any(name.startswith(OVERRIDE) for name in names) else [OVERRIDES]
        require_columns(names, f"{file}: its columns are", as_map)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[Row]:
        try:
            for batch in self._file.iter_batches(batch_size=ROWS_AT_ONCE):
                for cells in batch.to_pylist():
                    self.read += 1
                    yield _row(self.read, cells)
        except self._errors as error:
            raise self._problem(error) from None

    def _problem(self, error: Exception) -> UnreadableError:
        return UnreadableError(f"{self._name}: cannot be read: {' '.join(str(error).split())}")


def _written(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _row(number: int, cells: Mapping[str, Any]) -> Row:
    given = {name: _written(cell) for name, cell in cells.items() if cell is not None}
    text = json.dumps(given, ensure_ascii=False, default=str)
    if len(text.encode(errors="replace")) > LONGEST_LINE:
        return Row(number, None, f"{text[:100]}…", (f"is longer than {LONGEST_LINE} bytes as JSON",))
    overrides = given.get(OVERRIDES)
    if isinstance(overrides, list):  # what pyarrow makes of a map
        if len(dict(overrides)) < len(overrides):
            return Row(number, None, text, (f"{OVERRIDES} names a parameter twice",))
        given[OVERRIDES] = dict(overrides)
    elif isinstance(overrides, dict):
        given[OVERRIDES] = {name: value for name, value in overrides.items() if value is not None}
    return row_of(number, device_values(given), text, strict=False)
