"""Batches in words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..records.batch import (
    CLAIMS,
    CLOSES_AT,
    DECLARED_OF_BATCH,
    ENROLLED,
    IS_OPEN,
    OPENS_AT,
    PUBLIC_KEY,
    QUOTA,
    REPROVISIONING,
    WITHOUT_LIST,
)
from ..records.record import PARAMETER_OVERRIDES

_NAMES = {
    IS_OPEN: "open",
    QUOTA: "quota",
    OPENS_AT: "from",
    CLOSES_AT: "until",
    CLAIMS: "claims",
    REPROVISIONING: "reprovisioning",
    PARAMETER_OVERRIDES: "overrides",
    PUBLIC_KEY: "public key",
    WITHOUT_LIST: "without list",
}


def batch_in_words(name: str, record: Mapping[str, Any], now: int) -> str:
    """The state of a batch.

    Args:
        name: The batch.
        record: Its record, without DynamoDB's types.
        now: The seconds since 1970.

    Example:
        >>> batch_in_words("line-4", {"is_open": True, "device_quota": 500, "devices_enrolled": 120}, 0)
        'line-4: open; 120 of 500 devices enrolled'
    """
    return f"{name}: " + "; ".join([_state(record, now), _count(record), *_limits(record)])


def changes_in_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What has changed of a batch, a line for each attribute.

    Example:
        >>> changes_in_words({"is_open": True, "device_quota": 100}, {"is_open": True, "device_quota": 500})
        ['quota is 500, was 100']
    """
    return [
        f"{_NAMES[name]} is {_value(name, after.get(name))}, was {_value(name, before.get(name))}"
        for name in DECLARED_OF_BATCH
        if before.get(name) != after.get(name)
    ]


def _state(record: Mapping[str, Any], now: int) -> str:
    if record.get(IS_OPEN) is not True:
        return "closed"
    opens_at, closes_at = record.get(OPENS_AT), record.get(CLOSES_AT)
    if type(opens_at) is int and now < opens_at:
        return f"not open yet: opens at {_date(opens_at)}"
    if type(closes_at) is int and now >= closes_at:
        return f"over since {_date(closes_at)}"
    return f"open until {_date(closes_at)}" if type(closes_at) is int else "open"


def _count(record: Mapping[str, Any]) -> str:
    enrolled = record.get(ENROLLED, 0)
    of_quota = f" of {record[QUOTA]}" if QUOTA in record else ""
    return f"{enrolled}{of_quota} devices enrolled"


def _limits(record: Mapping[str, Any]) -> Iterator[str]:
    for name in (CLAIMS, REPROVISIONING, PARAMETER_OVERRIDES, PUBLIC_KEY):
        if name in record:
            yield f"{_NAMES[name]} {_value(name, record[name])}"
    if record.get(WITHOUT_LIST) is True:
        yield "devices need not be on the list"


def _value(name: str, value: Any) -> str:
    if value is None or value == {}:
        return "none"
    match name:
        case "opens_at" | "closes_at" if type(value) is int:
            return _date(value)
        case "public_key":
            return "".join(str(value).split("-----")[2:3]).replace("\n", "")[-20:] or "unreadable"
        case "parameter_overrides" if isinstance(value, Mapping):
            return ", ".join(f"{key}={text}" for key, text in sorted(value.items()))
        case "claim_certificate_ids" if isinstance(value, list):
            return ", ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _date(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S UTC}"
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"
