"""What the hook decides, without doing it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .reasons import Denied, Reason
from .settings import NEVER, Settings

CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
# What a thing name holds at the most; it also bounds the work that a device can give the pattern.
LONGEST_SERIAL_NUMBER = 128
NOT_COMPLETED = frozenset({"PENDING_ACTIVATION", "NOT_FOUND"})


@dataclass(frozen=True)
class Decision:
    """The answer to a device, and why."""

    allowed: bool
    reason: str
    parameter_overrides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A device that asks to register, as far as the decision depends on it."""

    serial_number: str
    certificate_id: str


@dataclass(frozen=True)
class Move:
    """A claim that goes from an earlier certificate to this one."""

    earlier_certificate_id: str
    counts: bool


def read_request(event: Any, settings: Settings) -> Request:
    """Read what the decision depends on.

    Raises:
        Denied: If the serial number or the certificate id is missing or malformed, or a parameter is no text.
    """
    parameters = event.get("parameters") if isinstance(event, dict) else None
    parameters = parameters if isinstance(parameters, dict) else {}
    serial_number = parameters.get(settings.serial_number_parameter)
    if not isinstance(serial_number, str):
        raise Denied(Reason.NO_PARAMETER, parameter=settings.serial_number_parameter)
    if len(serial_number) > LONGEST_SERIAL_NUMBER or not settings.serial_number_pattern.fullmatch(
        serial_number
    ):
        raise Denied(Reason.MALFORMED_SERIAL_NUMBER)
    if not all(isinstance(value, str) for value in parameters.values()):
        raise Denied(Reason.MALFORMED_PARAMETER)
    certificate_id = event.get("certificateId")
    if not isinstance(certificate_id, str) or not CERTIFICATE_ID.fullmatch(certificate_id):
        raise Denied(Reason.MALFORMED_CERTIFICATE_ID)
    return Request(serial_number, certificate_id)


def accept(record: Mapping[str, Any]) -> Decision:
    """Allow the device whose record was claimed.

    Raises:
        Denied: If the record's parameter overrides are no map of texts.
    """
    return Decision(True, Reason.LISTED, _parameter_overrides(record))


def earlier_certificate(record: Mapping[str, Any] | None, now: int) -> str:
    """The certificate that holds the record which could not be claimed.

    Raises:
        Denied: If the record forbids the registration whoever holds it.
    """
    if not record:
        raise Denied(Reason.NOT_LISTED)
    if record.get("blocked", False) is not False:
        raise Denied(Reason.BLOCKED)
    if _expired(record.get("expires_at"), now):
        raise Denied(Reason.EXPIRED)
    _parameter_overrides(record)
    earlier = record.get("certificate_id")
    if not isinstance(earlier, str) or not CERTIFICATE_ID.fullmatch(earlier):
        raise Denied(Reason.MALFORMED_RECORD)
    return earlier


def move(earlier: str, status: str, record: Mapping[str, Any], settings: Settings, now: int) -> Move:
    """How the claim goes to this certificate, given what became of the earlier one.

    Raises:
        Denied: If the earlier certificate became active and the record may not be used again, or if the
            earlier attempt may still be under way.
    """
    completed = status not in NOT_COMPLETED
    if completed:
        _require_reprovisioning(record, settings)
    claimed_at = record.get("claimed_at")
    if not isinstance(claimed_at, int) or now - claimed_at < settings.claim_settle_seconds:
        raise Denied(Reason.IN_PROGRESS)
    return Move(earlier, counts=completed)


def _require_reprovisioning(record: Mapping[str, Any], settings: Settings) -> None:
    if settings.reprovisioning is None:
        return
    if settings.reprovisioning == NEVER:
        raise Denied(Reason.PROVISIONED)
    times = record.get("reprovisioned", 0)
    if not isinstance(times, int) or times >= settings.reprovisioning:
        raise Denied(Reason.PROVISIONED_AGAIN, times=settings.reprovisioning)


def _parameter_overrides(record: Mapping[str, Any]) -> Mapping[str, str]:
    overrides = record.get("parameter_overrides", {})
    if not isinstance(overrides, dict) or not all(isinstance(value, str) for value in overrides.values()):
        raise Denied(Reason.MALFORMED_OVERRIDES)
    return overrides


def _expired(expires_at: Any, now: int) -> bool:
    if expires_at is None:
        return False
    return not isinstance(expires_at, int) or expires_at <= now
