"""Rows of a file as listed devices, one at a time, each read or rejected with every reason."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from ...aws_iot import ListedDevice
from ..input_lines import InputLines
from ..sources import UnreadableError

SERIAL_NUMBER = "serial_number"
OVERRIDE = "parameter_overrides."
COLUMNS = (SERIAL_NUMBER, "blocked", "expires_at")


class Row(NamedTuple):
    """A row of the file.

    Args:
        line: Its line.
        device: The device, or ``None`` if the row is rejected.
        text: The row as it stands.
        reasons: Why it is rejected; nothing if it is not.
    """

    line: int
    device: ListedDevice | None
    text: str
    reasons: tuple[str, ...] = ()


def read_rows(file: str) -> tuple[InputLines, Iterator[Row]]:
    """The rows of a ``.csv`` or ``.jsonl`` file, and the lines that they are read from.

    Raises:
        UnreadableError: If the file is neither; while iterating, when no further line can be read.
    """
    readers = {".csv": _csv_rows, ".jsonl": _json_rows}
    reader = readers.get(Path(file).suffix.lower())
    if not reader:
        raise UnreadableError(f"{file}: give a file that ends with .csv or .jsonl")
    lines = InputLines(file)
    return lines, reader(lines)


def _csv_rows(lines: InputLines) -> Iterator[Row]:
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


def _columns(rows: Iterator[list[str]], lines: InputLines) -> list[str]:
    try:
        names = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise lines.problem(f"is no CSV: {error}") from None
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(OVERRIDE)]
    if unknown or SERIAL_NUMBER not in names or len(set(names)) < len(names):
        raise UnreadableError(
            f"{lines.name}: the first line is {','.join(names) or 'empty'}: name each column once, of"
            f" {', '.join(COLUMNS)} and {OVERRIDE}NAME, and {SERIAL_NUMBER} in any case"
        )
    return names


def _csv_row(line: int, names: list[str], cells: list[str]) -> Row:
    text = ",".join(cells)
    if len(cells) != len(names):
        return Row(line, None, text, (f"has {len(cells)} values for {len(names)} columns",))
    values: dict[str, Any] = {}
    overrides = {}
    for name, cell in zip(names, cells, strict=True):
        if not cell:
            continue
        if name.startswith(OVERRIDE):
            overrides[name.removeprefix(OVERRIDE)] = cell
        else:
            values[name] = cell
    if overrides:
        values["parameter_overrides"] = overrides
    return _row(line, values, text, strict=False)


def _json_rows(lines: InputLines) -> Iterator[Row]:
    for text in lines:
        if not text.strip():
            continue
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            yield Row(lines.number, None, text.strip(), ("is no JSON",))
            continue
        if isinstance(values, dict):
            yield _row(lines.number, values, text.strip(), strict=True)
        else:
            yield Row(lines.number, None, text.strip(), ("is no JSON object",))


def _row(line: int, values: Mapping[str, Any], text: str, *, strict: bool) -> Row:
    try:
        return Row(line, ListedDevice.model_validate(values, strict=strict), text)
    except ValidationError as error:
        return Row(line, None, text, tuple(_reason(problem) for problem in error.errors()))


def _reason(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    given = "" if problem["type"] == "missing" else f": {problem['input']!r}"
    return f"{place} {problem['msg'][0].lower()}{problem['msg'][1:]}{given}"
