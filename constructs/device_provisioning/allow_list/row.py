"""A row of a file as a listed device, or with every reason why it is none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from ..aws_iot import ListedDevice
from ..console.sources import UnreadableError

SERIAL_NUMBER = "serial_number"
OVERRIDES = "parameter_overrides"
OVERRIDE = f"{OVERRIDES}."
_SPOILT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+|[0-9]+\.0+", re.IGNORECASE)
"""What spreadsheets, and programs that read their numbers, make of an IMEI."""
_AS_TEXT = "is a number as a spreadsheet rounds it: format the column as text and enter the numbers again"
REJECTED = ("line", "reasons")
"""What is written before the columns of rows that are rejected."""
COLUMNS = (SERIAL_NUMBER, "batch_name", "blocked", "expires_at")


class Row(NamedTuple):
    """A row of the file.

    Args:
        line: Its line; in a Parquet file its number, from 1.
        device: The device, or ``None`` if the row is rejected.
        text: The row as it stands.
        reasons: Why it is rejected; nothing if it is not.
        columns: The names of its columns; none of what is not CSV.
        cells: What is in them.
    """

    line: int
    device: ListedDevice | None
    text: str
    reasons: tuple[str, ...] = ()
    columns: Sequence[str] = ()
    cells: Sequence[str] = ()


class Rows(Protocol):
    """Rows of a file, read one at a time."""

    @property
    def size(self) -> int:
        """How much there is to read, in a unit of the file's own."""

    @property
    def read(self) -> int:
        """How much is read by now."""

    def __iter__(self) -> Iterator[Row]:
        """The rows."""


def row_of(
    line: int,
    values: Mapping[str, Any],
    text: str,
    *,
    strict: bool,
    kind: type[ListedDevice] = ListedDevice,
) -> Row:
    """A row whose values are checked.

    Args:
        line: Its line.
        values: What it says of a device.
        text: The row as it stands.
        strict: Whether a value of another type, such as a number that is written as text, is refused.
        kind: What a row may say; what the list decides by default.
    """
    try:
        device = kind.model_validate(values, strict=strict)
    except ValidationError as error:
        return Row(line, None, text, tuple(_reason(problem) for problem in error.errors()))
    if kind is ListedDevice and (problem := spoilt(device.serial_number)):
        return Row(line, None, text, (f"{SERIAL_NUMBER} {problem}",))
    return Row(line, device, text)


def spoilt(serial_number: str) -> str | None:
    """What a spreadsheet made of a serial number, if it did.

    Args:
        serial_number: The serial number.
    """
    return f"{_AS_TEXT}: {serial_number!r}" if _SPOILT.fullmatch(serial_number) else None


def require_columns(names: Sequence[str], subject: str, more: Sequence[str] = ()) -> None:
    """Make sure that every column is one that a device has, and that there is a serial number.

    Args:
        names: The columns.
        subject: What an error begins with.
        more: Columns that are allowed besides; none by default.

    Raises:
        UnreadableError: If one is not, or stands there twice.
    """
    allowed = (*COLUMNS, *more)
    unknown = [name for name in names if name not in allowed and not name.startswith(OVERRIDE)]
    if unknown or SERIAL_NUMBER not in names or len(set(names)) < len(names):
        raise UnreadableError(
            f"{subject} {','.join(names) or 'empty'}: allowed columns are {', '.join(allowed)} and"
            f" {OVERRIDE}NAME, each once; {SERIAL_NUMBER} is required"
        )


def device_values(cells: Mapping[str, Any]) -> dict[str, Any]:
    """What cells say of a device, by column; an override is a column of its own."""
    values: dict[str, Any] = {name: cell for name, cell in cells.items() if not name.startswith(OVERRIDE)}
    overrides = {name.removeprefix(OVERRIDE): cell for name, cell in cells.items() if name not in values}
    return {**values, OVERRIDES: overrides} if overrides else values


def _reason(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"]))
    given = "" if problem["type"] == "missing" else f": {problem['input']!r}"
    if problem["type"] == "extra_forbidden":
        return f"{place}{given} is not a column of a list: give --restore for a file that export wrote"
    return f"{place} {problem['msg'][0].lower()}{problem['msg'][1:]}{given}"
