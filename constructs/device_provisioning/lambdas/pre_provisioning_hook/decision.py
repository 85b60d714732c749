"""What the hook decides, without doing it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...records.record import (
    BLOCKED,
    BOUND_TO,
    CERTIFICATE_ID,
    EXPIRES_AT,
    PARAMETER_OVERRIDES,
    REPROVISIONED,
    Item,
    is_serial_number,
    key,
    plain,
    reserved_at,
    typed,
)
from .reasons import Denied, Reason
from .settings import NEVER, Settings

_CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
NOT_COMPLETED = frozenset({"PENDING_ACTIVATION", "NOT_FOUND"})
NOT_TAKEN_OUT_OF_USE = frozenset({"PENDING_ACTIVATION", "ACTIVE"})
_OF_AWS = "aws::"

StatusOf = Callable[[str], str]
"""What AWS IoT says of a certificate; ``NOT_FOUND`` when it is gone."""


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
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What the table holds: the record of the serial number, and the item of the certificate."""

    record: Item | None
    binding: Item | None


@dataclass(frozen=True)
class Reservation:
    """What is written so that the device may register.

    ``reprovisioned`` is how often the serial number has registered again; ``None`` leaves it as it is.
    """

    reserved_at: int
    reprovisioned: int | None
    parameter_overrides: Mapping[str, str]


def read_request(event: Any, settings: Settings) -> Request:
    """Read what the decision depends on.

    Raises:
        Denied: If the serial number or the certificate id is missing or malformed, a parameter is not a
            string, or one belongs to AWS.
    """
    parameters = event.get("parameters") if isinstance(event, dict) else None
    parameters = parameters if isinstance(parameters, dict) else {}
    serial_number = parameters.get(settings.serial_number_parameter)
    if not isinstance(serial_number, str):
        raise Denied(Reason.NO_PARAMETER, parameter=settings.serial_number_parameter)
    # First the length: it bounds the work that a device can give the pattern.
    if not is_serial_number(serial_number) or not settings.serial_number_pattern.fullmatch(serial_number):
        raise Denied(Reason.MALFORMED_SERIAL_NUMBER)
    if not all(isinstance(value, str) for value in parameters.values()):
        raise Denied(Reason.MALFORMED_PARAMETER)
    if any(map(_is_of_aws, parameters)):
        raise Denied(Reason.PARAMETER_OF_AWS)
    certificate_id = event.get("certificateId")
    if not isinstance(certificate_id, str) or not _CERTIFICATE_ID.fullmatch(certificate_id):
        raise Denied(Reason.MALFORMED_CERTIFICATE_ID)
    return Request(serial_number, certificate_id, parameters)


def expected(request: Request, settings: Settings) -> Found:
    """What the table holds if a device registers for the first time, and with what its list decides."""
    said = {name: value for name, value in request.parameters.items() if name in settings.listed_parameters}
    overrides = {PARAMETER_OVERRIDES: typed(said)} if said else {}
    return Found({**key(request.serial_number), **overrides}, None)


def reservation(
    request: Request, found: Found, status_of: StatusOf, settings: Settings, now: int
) -> Reservation:
    """What to write, given what there is.

    Raises:
        Denied: If the device may not register.
    """
    record = _usable(found.record, now)
    overrides = _parameter_overrides(record)
    _require_own_overrides(request, overrides, settings)
    _require_listed_parameters(request, overrides, settings)
    holder = record.get(CERTIFICATE_ID)
    if found.binding or holder == request.certificate_id:
        _require_own(request, found.binding, status_of)
    times = None
    if holder not in (None, request.certificate_id):
        times = _taken_over(_certificate_id(holder), record, status_of, settings, now)
    return Reservation(now, times, overrides)


def _usable(found: Item | None, now: int) -> Mapping[str, Any]:
    if not found:
        raise Denied(Reason.NOT_LISTED)
    record = plain(found)
    if record.get(BLOCKED, False) is not False:
        raise Denied(Reason.BLOCKED)
    expires_at = record.get(EXPIRES_AT, now + 1)
    if type(expires_at) is not int or expires_at <= now:
        raise Denied(Reason.EXPIRED)
    return record


def _parameter_overrides(record: Mapping[str, Any]) -> Mapping[str, str]:
    overrides = record.get(PARAMETER_OVERRIDES, {})
    if not isinstance(overrides, dict) or not all(isinstance(value, str) for value in overrides.values()):
        raise Denied(Reason.MALFORMED_OVERRIDES)
    return overrides


def _require_own_overrides(request: Request, overrides: Mapping[str, str], settings: Settings) -> None:
    """A record can't make its device another one: who may write records may not give away used ones."""
    for name, value in sorted(overrides.items()):
        is_another = name == settings.serial_number_parameter and value != request.serial_number
        if is_another or _is_of_aws(name):
            raise Denied(Reason.FORBIDDEN_OVERRIDE, parameter=name)


def _is_of_aws(name: str) -> bool:
    return name.casefold().startswith(_OF_AWS)


def _require_listed_parameters(request: Request, overrides: Mapping[str, str], settings: Settings) -> None:
    for name in sorted(settings.listed_parameters & request.parameters.keys()):
        if name not in overrides:
            raise Denied(Reason.NOT_IN_LIST, parameter=name)
        if request.parameters[name] != overrides[name]:
            raise Denied(Reason.OTHER_THAN_LISTED, parameter=name)


def _require_own(request: Request, binding: Item | None, status_of: StatusOf) -> None:
    """A certificate that was let through before registers the same serial number, unless it was shut out."""
    if binding and plain(binding).get(BOUND_TO) != request.serial_number:
        raise Denied(Reason.OTHER_SERIAL_NUMBER)
    status = status_of(request.certificate_id)
    if status not in NOT_TAKEN_OUT_OF_USE:
        raise Denied(Reason.OUT_OF_USE, status=status)


def _taken_over(
    holder: str,
    record: Mapping[str, Any],
    status_of: StatusOf,
    settings: Settings,
    now: int,
) -> int | None:
    """How often the serial number has registered again, once this certificate takes it from its holder."""
    completed = status_of(holder) not in NOT_COMPLETED
    times = _registers_again(record, settings) if completed else None
    earlier = reserved_at(record)
    if earlier is None or now - earlier < settings.reservation_seconds:
        raise Denied(Reason.IN_PROGRESS)
    return times


def _registers_again(record: Mapping[str, Any], settings: Settings) -> int:
    times = record.get(REPROVISIONED, 0)
    if settings.reprovisioning == NEVER:
        raise Denied(Reason.PROVISIONED)
    if type(times) is not int or (settings.reprovisioning is not None and times >= settings.reprovisioning):
        raise Denied(Reason.PROVISIONED_AGAIN, times=settings.reprovisioning)
    return times + 1


def _certificate_id(holder: Any) -> str:
    if not isinstance(holder, str) or not _CERTIFICATE_ID.fullmatch(holder):
        raise Denied(Reason.MALFORMED_RECORD)
    return holder
