"""A device of the list, with what became of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ..allow_list.device_state import ACTIVE, GONE, PENDING
from ..console.text import printable
from ..records.record import (
    BATCH_NAME,
    BLOCKED,
    CERTIFICATE_ID,
    EXPIRES_AT,
    REVOCATION,
    SERIAL_NUMBER,
    reserved_at,
)


class State(StrEnum):
    """What became of a device that is listed: one of these."""

    NEVER = "never"
    """No certificate ever asked for it."""
    RESERVED = "reserved"
    """A certificate asked for it, and is not active yet."""
    REGISTERED = "registered"
    """It has a certificate, active or taken out of use."""
    GONE = "gone"
    """The certificate that asked for it does not exist any more: another one may register."""


@dataclass(frozen=True)
class EnrolledDevice:
    """A device of the list, with what became of it; what it has not is ``None``.

    Args:
        serial_number: The device.
        batch: The batch that it was made in.
        state: What became of it.
        certificate_id: The certificate that its record names.
        certificate_status: What AWS IoT says of that.
        reserved_at: When the latest attempt to register began, in seconds since 1970.
        blocked: Whether its record is blocked.
        expired: Whether it has not registered, and may not any more.
        revoked: Whether it was revoked, and not released.
    """

    serial_number: str
    batch: str | None
    state: State
    certificate_id: str | None
    certificate_status: str | None
    reserved_at: int | None
    blocked: bool
    expired: bool
    revoked: bool

    @property
    def values(self) -> Mapping[str, Any]:
        """All of it, with the time as ISO 8601."""
        return {**asdict(self), "reserved_at": _iso(self.reserved_at)}

    @property
    def text(self) -> str:
        """It as a line for people.

        Example:
            >>> enrolled_device({"serial_number": "A-1", "blocked": True}, None, 0).text
            'A-1: never; blocked'
        """
        told = self.values
        since = told["reserved_at"]
        is_active = self.certificate_status in (None, ACTIVE, PENDING, GONE)
        parts = [
            f"{self.state}{f' since {since}' if since else ''}",
            *([f"batch {self.batch}"] if self.batch is not None else []),
            *([f"certificate {self.certificate_id}"] if self.certificate_id else []),
            *([] if is_active else [f"which is {self.certificate_status}"]),
            *(name for name in ("blocked", "expired", "revoked") if told[name]),
        ]
        return printable(f"{self.serial_number}: {'; '.join(parts)}")


def enrolled_device(record: Mapping[str, Any], certificate_status: str | None, now: int) -> EnrolledDevice:
    """The device of a record.

    Args:
        record: The record, without DynamoDB's types.
        certificate_status: The status of the certificate that it names; ``None`` if it names none.
        now: The seconds since 1970.

    Example:
        >>> enrolled_device({"serial_number": "A-1", "certificate_id": "0f"}, "ACTIVE", 0).state
        <State.REGISTERED: 'registered'>
    """
    state = _state(certificate_status)
    expires_at = record.get(EXPIRES_AT)
    is_over = expires_at is not None and not (type(expires_at) is int and expires_at > now)
    return EnrolledDevice(
        serial_number=record[SERIAL_NUMBER],
        batch=_text(record.get(BATCH_NAME)),
        state=state,
        certificate_id=_text(record.get(CERTIFICATE_ID)),
        certificate_status=certificate_status,
        reserved_at=reserved_at(record),
        blocked=record.get(BLOCKED, False) is not False,
        expired=is_over and state is not State.REGISTERED,
        revoked=REVOCATION in record,
    )


def _state(certificate_status: str | None) -> State:
    match certificate_status:
        case None:
            return State.NEVER
        case status if status == PENDING:
            return State.RESERVED
        case status if status == GONE:
            return State.GONE
    return State.REGISTERED


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _iso(seconds: int | None) -> str | None:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}" if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
