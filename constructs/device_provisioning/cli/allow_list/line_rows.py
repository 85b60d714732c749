"""Rows of CSV and of JSON lines."""

import csv
import json
from collections.abc import Callable, Iterator

from ..input_lines import InputLines
from .row import Row, device_values, require_columns, row_of


class LineRows:
    """The rows of a file that is read line by line.

    Args:
        file: The file.
        read_rows: Makes rows of its lines.

    Raises:
        UnreadableError: While iterating, when no further line can be read.
    """

    def __init__(self, file: str, read_rows: Callable[[InputLines], Iterator[Row]]) -> None:
        self._lines = InputLines(file)
        self._read_rows = read_rows

    @property
    def size(self) -> int:
        """The bytes of the file; 0 if it is no plain file."""
        return self._lines.size

    @property
    def read(self) -> int:
        """The bytes that are read by now."""
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[Row]:
        return self._read_rows(self._lines)


def csv_rows(lines: InputLines) -> Iterator[Row]:
    """Rows of CSV, whose first line names the columns; an empty cell says nothing."""
    rows = csv.reader(lines, strict=True)
    names = _columns(rows, lines)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(lines.number, None, "", (f"is no CSV: {error}",))
            continue
        if cells:
            yield _csv_row(lines.number, names, cells)


def json_rows(lines: InputLines) -> Iterator[Row]:
    """Rows of JSON lines: an object each."""
    for text in lines:
        if not text.strip():
            continue
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            yield Row(lines.number, None, text.strip(), ("is no JSON",))
            continue
        if isinstance(values, dict):
            yield row_of(lines.number, values, text.strip(), strict=True)
        else:
            yield Row(lines.number, None, text.strip(), ("is no JSON object",))


def _columns(rows: Iterator[list[str]], lines: InputLines) -> list[str]:
    try:
        names = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise lines.problem(f"is no CSV: {error}") from None
    require_columns(names, f"{lines.name}: the first line is")
    return names


def _csv_row(line: int, names: list[str], cells: list[str]) -> Row:
    text = ",".join(cells)
    if len(cells) != len(names):
        return Row(line, None, text, (f"has {len(cells)} values for {len(names)} columns",))
    given = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    return row_of(line, device_values(given), text, strict=False)
