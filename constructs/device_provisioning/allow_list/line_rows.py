"""Rows of CSV and of JSON lines."""

import csv
import json
from collections.abc import Callable, Iterator

from ..aws_iot import ListedDevice
from ..aws_iot.listed_device import ExportedDevice
from ..console.csv_rows import csv_rows as named_rows
from ..console.input_lines import InputLines
from .row import REJECTED, Row, device_values, require_columns, row_of


class LineRows:
    """The rows of a file that is read line by line.

    Args:
        lines: The lines of the file.
        read_rows: Makes rows of its lines.

    Raises:
        UnreadableError: While iterating, when no further line can be read.
    """

    def __init__(self, lines: InputLines, read_rows: Callable[[InputLines], Iterator[Row]]) -> None:
        self._lines = lines
        self._read_rows = read_rows

    @property
    def size(self) -> int:
        """The bytes of the file; 0 if it is not a plain file."""
        return self._lines.size

    @property
    def read(self) -> int:
        """The bytes that are read by now."""
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[Row]:
        return self._read_rows(self._lines)


def csv_rows(lines: InputLines) -> Iterator[Row]:
    """Rows of CSV, whose first line names the columns; an empty cell says nothing."""
    names, rows = named_rows(lines)
    # Rows that were rejected, fixed and given again.
    added = len(REJECTED) if tuple(names[: len(REJECTED)]) == REJECTED else 0
    names = names[added:]
    require_columns(names, f"{lines.name}: the first line is")
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(lines.number, None, "", (f"is not valid CSV: {error}",))
            continue
        if cells:
            cells = cells[added:]
            yield _csv_row(lines.number, names, cells)._replace(columns=names, cells=cells)


def exported_rows(lines: InputLines) -> Iterator[Row]:
    """Rows of an export: an object each, with all that a record says."""
    return json_rows(lines, ExportedDevice)


def json_rows(lines: InputLines, kind: type[ListedDevice] = ListedDevice) -> Iterator[Row]:
    """Rows of JSON lines: an object each."""
    for text in lines:
        if not text.strip():
            continue
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            yield Row(lines.number, None, text.strip(), ("is not valid JSON",))
            continue
        if isinstance(values, dict):
            yield row_of(lines.number, values, text.strip(), strict=True, kind=kind)
        else:
            yield Row(lines.number, None, text.strip(), ("is not a JSON object",))


def _csv_row(line: int, names: list[str], cells: list[str]) -> Row:
    text = ",".join(cells)
    if len(cells) != len(names):
        return Row(line, None, text, (f"has {len(cells)} values for {len(names)} columns",))
    given = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    return row_of(line, device_values(given), text, strict=False)
