"""A time in the past, as people write it."""

import re

from pydantic_core import PydanticCustomError

from ..aws_iot.expiry import seconds_of
from ..console.sources import UnreadableError

_AGO = re.compile(r"([0-9]{1,6})([mhd])")
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400}


def since_seconds(text: str, now: int) -> int:
    """The second since 1970 of a date, a time with its zone, or so many minutes, hours or days ago.

    Args:
        text: What is written.
        now: The seconds since 1970.

    Raises:
        UnreadableError: If it is none of them.

    Example:
        >>> since_seconds("1970-01-02", 0), since_seconds("2h", 7_201)
        (86400, 1)
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        return int(seconds_of(text))
    except (PydanticCustomError, ValueError):
        raise UnreadableError(
            f"--since {text}: give a date such as 2027-01-31, a time with its zone such as 2027-01-31T12:00Z,"
            " or 30m, 24h or 7d for so long ago"
        ) from None
