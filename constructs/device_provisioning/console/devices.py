"""Devices to simulate: from the command line, from CSV, from JSON lines, from a certificate."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .csv_rows import csv_rows
from .input_lines import InputLines
from .sources import UnreadableError


class Device(NamedTuple):
    """What one device supplies.

    Args:
        line: The line that it was read from; ``None`` if it was not in a file.
        parameters: What it supplies.
        problem: Why the line could not be read; ``None`` if it could.
    """

    line: int | None
    parameters: Mapping[str, str]
    problem: str | None = None


class Devices:
    """Devices of a file, read one at a time.

    Args:
        file: A ``.csv`` file, whose first line names the parameters and in which an empty cell supplies
            nothing, or a ``.jsonl`` file with an object of parameters a line; ``-`` is one of them on
            standard input.

    Raises:
        UnreadableError: If the file is neither; while iterating, when no further line can be read.
    """

    def __init__(self, file: str) -> None:
        self.lines = InputLines(file)
        readers = {".csv": _csv_devices, ".jsonl": _json_devices}
        reader = readers.get(self.lines.ending)
        if not reader:
            raise UnreadableError(f"{file}: give a file that ends with .csv or .jsonl")
        self._read = reader

    def __iter__(self) -> Iterator[Device]:
        return self._read(self.lines)


def parse_device(options: Sequence[str]) -> Device:
    """One device of ``KEY=VALUE``.

    Raises:
        UnreadableError: If an option has another form or a key is given twice.

    Example:
        >>> parse_device(["SerialNumber=A-1", "Note=a=b"]).parameters
        {'SerialNumber': 'A-1', 'Note': 'a=b'}
    """
    return Device(None, parse_pairs("--device", options))


def parse_pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """Values by name, of an option that is given several times.

    Args:
        option: The option.
        texts: ``KEY=VALUE`` each.

    Raises:
        UnreadableError: If a text has another form or a key is given twice.

    Example:
        >>> parse_pairs("--override", ["Site=plant7"])
        {'Site': 'plant7'}
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not (name and separator):
            raise UnreadableError(f"{option} {text!r}: give KEY=VALUE")
        if name in pairs:
            raise UnreadableError(f"{option}: {name} is given twice: give it once")
        pairs[name] = value
    return pairs


def _csv_devices(lines: InputLines) -> Iterator[Device]:
    names, rows = csv_rows(lines)
    _require_names(names, lines)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Device(lines.number, {}, f"is not valid CSV: {error}")
            continue
        if len(row) == len(names):
            parameters = dict(zip(names, row, strict=True))
            if "" in row:
                parameters = {name: value for name, value in parameters.items() if value}
            yield Device(lines.number, parameters)
        elif row:
            yield Device(lines.number, {}, "has another number of values than the first line")


def _require_names(names: Sequence[str], lines: InputLines) -> None:
    if not names:
        raise UnreadableError(f"{lines.name}: is empty: the first line names the parameters")
    if "" in names or len(set(names)) < len(names):
        raise lines.problem("has a name that is empty or stands there twice: it names the parameters")


def _json_devices(lines: InputLines) -> Iterator[Device]:
    for text in lines:
        try:
            parameters = json.loads(text)
        except (ValueError, RecursionError):
            if text.strip():
                yield Device(lines.number, {}, "is not valid JSON")
            continue
        if isinstance(parameters, dict):
            yield Device(lines.number, parameters)
        else:
            yield Device(lines.number, {}, "is not a JSON object of parameters")
