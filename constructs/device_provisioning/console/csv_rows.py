"""Rows of CSV as spreadsheets write it, whichever separator they took."""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any

from .input_lines import InputLines

SEPARATORS = ",;\t"
"""The first of them that the first line has separates its names."""
_DECLARATION = "sep="
"""The first line of Excel's own, which it writes for no other program."""


def csv_rows(lines: InputLines) -> tuple[list[str], "Iterator[list[str]]"]:
    """The names in the first line, and the rows after it.

    Args:
        lines: The lines of a file.

    Raises:
        UnreadableError: If the first line can't be read; while iterating, when no further line can be read.
        csv.Error: While iterating, for a row that is not valid.
    """
    texts = iter(lines)
    first = next(texts, "")
    separator = _declared(first)
    if separator:
        first = next(texts, "")
    rows: Any = csv.reader(chain([first], texts), strict=True, delimiter=separator or _separator(first))
    try:
        names = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise lines.problem(f"is not valid CSV: {error}") from None
    if len(names) == 1 and "|" in names[0]:
        raise lines.problem("has values separated by bars: separate them by commas, semicolons or tabs")
    return names, rows


def _declared(first: str) -> str | None:
    text = first.strip("\r\n").strip('"')
    is_declaration = len(text) == len(_DECLARATION) + 1 and text.lower().startswith(_DECLARATION)
    return text[-1] if is_declaration else None


def _separator(first: str) -> str:
    return next((mark for mark in SEPARATORS if mark in first), ",")
