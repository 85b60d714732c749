"""Rows that are rejected, in a file of their own."""

import csv
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from ..console.output_files import OutputFile
from .row import REJECTED, Row

_BEGINNING = f"{','.join(REJECTED)},".encode()


def write_rejects(name: str, rows: Iterable[Row]) -> int:
    """Write rows with their lines and reasons; how many there are.

    Those of CSV keep their columns, so that they can be fixed in the file and imported from it.

    Without any, rejects of an earlier run are removed, and a file of anybody else stays.

    Raises:
        UnreadableError: If the file can't be written.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        _remove_earlier(Path(name))
        return 0
    count = 0
    with OutputFile(name) as file:
        writer = csv.writer(_Text(file))
        writer.writerow([*REJECTED, *(first.columns or ("row",))])
        for row in chain([first], rows):
            count += 1
            cells = row.cells if first.columns else (row.text,)
            writer.writerow([row.line, "; ".join(row.reasons), *cells])
    return count


class _Text:
    """What csv writes to."""

    def __init__(self, file: OutputFile) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text.encode(errors="backslashreplace"))


def _remove_earlier(path: Path) -> None:
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                is_ours = file.read(len(_BEGINNING)) == _BEGINNING
            if is_ours:
                path.unlink()
