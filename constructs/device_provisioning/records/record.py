"""The items of an allow list: names of their attributes, and the conditions under which they may be used.

The standard library only: this module is shipped with every function that reads or writes the list.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
"""An item with DynamoDB's types."""

SERIAL_NUMBER = "serial_number"
BLOCKED = "blocked"
EXPIRES_AT = "expires_at"
PARAMETER_OVERRIDES = "parameter_overrides"
BATCH_NAME = "batch_name"
DECLARED = (BLOCKED, EXPIRES_AT, PARAMETER_OVERRIDES, BATCH_NAME)
"""What a list says of a device; the other attributes are written by functions."""
CERTIFICATE_ID = "certificate_id"
RESERVED_AT = "reserved_at"
CLAIMED_AT = "claimed_at"
"""What ``reserved_at`` was called in records by earlier versions."""
REPROVISIONED = "reprovisioned"
ROTATED_AT = "rotated_at"
"""When the hook of the rotation last let the device replace its certificate."""
REVOCATION = "revocation"
"""What a device had before it was revoked, as JSON: it gets that back when it is released."""
BOUND_TO = "bound_to"
FORGET_AT = "forget_at"
"""When DynamoDB deletes the item of a certificate: the table's time to live."""
BOUND_SECONDS = 86_400
"""How long a certificate is bound: an ownership token lives an hour
(https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html)."""

_SERIAL_NUMBER = re.compile("[!-~]{1,128}")
# No serial number begins with it, so that no key of a certificate is a serial number.
CERTIFICATE_KEY = " certificate "
_READ = (CERTIFICATE_ID, RESERVED_AT, CLAIMED_AT, REPROVISIONED, PARAMETER_OVERRIDES, BATCH_NAME)


@dataclass(frozen=True)
class Condition:
    """A condition of a write: its text, and the values that the text names."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        """Both of them."""
        return Condition(f"{self.text} AND {other.text}", {**self.values, **other.values})


LISTED = Condition(f"attribute_exists({SERIAL_NUMBER})")
UNLISTED = Condition(f"attribute_not_exists({SERIAL_NUMBER})")
# An attribute of another type than it should have lets nobody through.
NOT_BLOCKED = Condition(f"(attribute_not_exists({BLOCKED}) OR {BLOCKED} = :no)", {":no": {"BOOL": False}})


def may_register(now: int) -> Condition:
    """The device is on the list, neither blocked nor expired."""
    expires = f"(attribute_not_exists({EXPIRES_AT}) OR {EXPIRES_AT} > :now)"
    return LISTED & NOT_BLOCKED & Condition(expires, {":now": {"N": str(now)}})


def unchanged(record: Item) -> Condition:
    """Nothing has been written since the record was read that a decision depends on."""
    return unchanged_in(record, _READ)


def unchanged_in(item: Item, names: Sequence[str]) -> Condition:
    """Some attributes of an item are as they were when it was read, or missing as they were."""
    parts = [f"{name} = :read_{name}" if name in item else f"attribute_not_exists({name})" for name in names]
    return Condition(" AND ".join(parts), {f":read_{name}": item[name] for name in names if name in item})


def key(serial_number: str) -> dict[str, Any]:
    """The key of a device's record."""
    return {SERIAL_NUMBER: {"S": serial_number}}


def is_serial_number(text: str) -> bool:
    """Whether a text can be a serial number: 1 to 128 characters of ASCII without blanks."""
    return _SERIAL_NUMBER.fullmatch(text) is not None


def is_device(item: Item) -> bool:
    """Whether an item is the record of a device, and not that of a certificate or of a batch."""
    return not item[SERIAL_NUMBER]["S"].startswith(" ")


def binding(certificate_id: str, serial_number: str, now: int) -> dict[str, Any]:
    """The item of a certificate, which can register one serial number only."""
    return {
        **key(f"{CERTIFICATE_KEY}{certificate_id}"),
        BOUND_TO: {"S": serial_number},
        FORGET_AT: {"N": str(now + BOUND_SECONDS)},
    }


def reserved_at(record: Mapping[str, Any]) -> int | None:
    """When the latest attempt began; ``None`` if that is not known."""
    times = [record[name] for name in (RESERVED_AT, CLAIMED_AT) if name in record]
    return max(times) if times and all(type(time) is int for time in times) else None


def plain(item: Item) -> dict[str, Any]:
    """An item without DynamoDB's types; what no record should hold stays as it is."""
    return {name: _plain(value) for name, value in item.items()}


def typed(value: Any) -> dict[str, Any]:
    """A value of a record with DynamoDB's type."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case dict():
            return {"M": {name: {"S": text} for name, text in value.items()}}
        case _:
            return {"S": str(value)}


def update_of(device: Mapping[str, Any], removed: Sequence[str] = ()) -> dict[str, Any]:
    """The key, expression and values of a DynamoDB update that sets what is declared of a device.

    Args:
        device: What is declared: ``serial_number`` and, if wanted, ``blocked``, ``expires_at``,
            ``parameter_overrides`` and ``batch_name``.
        removed: What the record loses; nothing by default.
    """
    present = [name for name in DECLARED if name in device]
    sets = ["SET " + ", ".join(f"{name} = :{name}" for name in present)] if present else []
    removes = ["REMOVE " + ", ".join(removed)] if removed else []
    values = {f":{name}": typed(device[name]) for name in present}
    return {
        "Key": key(device[SERIAL_NUMBER]),
        **({"UpdateExpression": " ".join(sets + removes)} if sets or removes else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "N" and content.lstrip("-").isdigit():
        return int(content)
    return plain(content) if kind == "M" else content
