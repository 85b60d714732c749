"""When a listed device expires, as people write it."""

from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticCustomError

LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
"""What is later was counted in milliseconds: those of 1970 alone go on until 2969."""
_EXAMPLE = "2027-01-31, 2027-01-31T12:00Z or 1801353600"


def seconds_of(value: Any) -> Any:
    """The second since 1970 of an ISO date, which begins in UTC, or of a time with its zone; else the value.

    Raises:
        PydanticCustomError: If a text is neither of them nor a number.

    Example:
        >>> seconds_of("2027-01-31"), seconds_of("2027-01-31T01:00+01:00"), seconds_of(1801353600)
        (1801353600, 1801353600, 1801353600)
    """
    if not isinstance(value, str) or value.strip().isdecimal():
        return value
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        raise _problem("is neither a date nor a second since 1970") from None
    if time.tzinfo is None and "T" not in value and ":" not in value:
        time = time.replace(tzinfo=UTC)
    if time.tzinfo is None:
        raise _problem("has no time zone")
    return int(time.timestamp())


def require_seconds(value: int) -> int:
    """The value, if it is not one of milliseconds.

    Raises:
        PydanticCustomError: If it is after the year 2199.
    """
    if value >= LATEST:
        raise _problem("is after the year 2199, as milliseconds would be")
    return value


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("expiry", "{problem}: give {example}", {"problem": text, "example": _EXAMPLE})
