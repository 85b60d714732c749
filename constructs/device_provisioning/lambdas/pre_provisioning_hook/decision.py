"""What the hook decides, without doing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...records.batch import batch_of
from ...records.record import (
    BATCH_NAME,
    BLOCKED,
    BOUND_TO,
    CERTIFICATE_ID,
    EXPIRES_AT,
    PARAMETER_OVERRIDES,
    REPROVISIONED,
    Item,
    key,
    plain,
    reserved_at,
    typed,
)
from .batches import Batch
from .reasons import Denied, Reason
from .request import CERTIFICATE_ID as ID
from .request import Request, is_of_aws
from .settings import NEVER, Settings

NOT_COMPLETED = frozenset({"PENDING_ACTIVATION", "NOT_FOUND"})
NOT_TAKEN_OUT_OF_USE = frozenset({"PENDING_ACTIVATION", "ACTIVE"})

StatusOf = Callable[[str], str]
"""What AWS IoT says of a certificate; ``NOT_FOUND`` when it is gone."""


@dataclass(frozen=True)
class Decision:
    """The answer to a device, and why."""

    allowed: bool
    reason: str
    parameter_overrides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What the table holds: the records of serial number and batch, and the item of the certificate.

    ``is_known`` tells whether the table said so; what is expected of it is not.
    """

    record: Item | None
    binding: Item | None
    batch: Item | None = None
    is_known: bool = True


@dataclass(frozen=True)
class Reservation:
    """What is written so that the device may register.

    ``reprovisioned`` is how often the serial number has registered again; ``None`` leaves it as it is.
    ``batch_name`` is the batch of the device, and ``takes_a_place`` tells whether it is the first of its
    serial number.
    """

    reserved_at: int
    reprovisioned: int | None
    parameter_overrides: Mapping[str, str]
    batch_name: str | None = None
    takes_a_place: bool = False


def expected(request: Request, settings: Settings, batch: Item | None) -> Found:
    """What the table holds if a device registers for the first time, and with what its list decides."""
    if request.proof and Batch.of(batch).is_without_list:
        return Found(None, None, batch, is_known=False)
    said = {name: value for name, value in request.parameters.items() if name in settings.listed_parameters}
    overrides = {PARAMETER_OVERRIDES: typed(said)} if said else {}
    named = {BATCH_NAME: typed(request.proof.batch)} if request.proof else {}
    return Found({**key(request.serial_number), **overrides, **named}, None, batch, is_known=False)


def batch_name(request: Request, record: Item | None) -> str | None:
    """The batch of a device: the one that its record names, or else the one whose key its proof is made with.

    Raises:
        Denied: If the record names another one than the proof, or nonsense.
    """
    proven = request.proof.batch if request.proof else None
    name = plain(record or {}).get(BATCH_NAME, proven)
    if name is not None and not isinstance(name, str):
        raise Denied(Reason.MALFORMED_RECORD, attribute=BATCH_NAME)
    if proven and name != proven:
        raise Denied(Reason.NOT_PROVEN)
    return name


def reservation(
    request: Request, found: Found, status_of: StatusOf, settings: Settings, now: int
) -> Reservation:
    """What to write, given what there is.

    Raises:
        Denied: If the device may not register.
    """
    name = batch_name(request, found.record)
    batch = Batch.of(found.batch if found.batch and batch_of(found.batch) == name else None)
    record = _usable(request, found.record, batch, now)
    if name is not None:
        batch.require_open(request.claim, now)
    overrides = {**batch.parameter_overrides, **_parameter_overrides(record)}
    _require_own_overrides(request, overrides, settings)
    _require_listed_parameters(request, overrides, settings)
    holder = record.get(CERTIFICATE_ID)
    if found.binding or holder == request.certificate_id:
        _require_own(request, found.binding, status_of)
    times = None
    if holder is None and found.is_known:
        batch.require_place()
    if holder not in (None, request.certificate_id):
        again = batch.reprovisioning(settings.reprovisioning)
        times = _taken_over(_certificate_id(holder), record, status_of, again, settings, now)
    return Reservation(now, times, overrides, name, takes_a_place=name is not None and holder is None)


def _usable(request: Request, found: Item | None, batch: Batch, now: int) -> Mapping[str, Any]:
    if not found:
        if request.proof and batch.is_without_list:
            return {}
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
        if is_another or is_of_aws(name):
            raise Denied(Reason.FORBIDDEN_OVERRIDE, parameter=name)


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
    reprovisioning: int | None,
    settings: Settings,
    now: int,
) -> int | None:
    """How often the serial number has registered again, once this certificate takes it from its holder."""
    completed = status_of(holder) not in NOT_COMPLETED
    times = _registers_again(record, reprovisioning) if completed else None
    earlier = reserved_at(record)
    if earlier is None or now - earlier < settings.reservation_seconds:
        raise Denied(Reason.IN_PROGRESS)
    return times


def _registers_again(record: Mapping[str, Any], reprovisioning: int | None) -> int:
    times = record.get(REPROVISIONED, 0)
    if reprovisioning == NEVER:
        raise Denied(Reason.PROVISIONED)
    if type(times) is not int or (reprovisioning is not None and times >= reprovisioning):
        raise Denied(Reason.PROVISIONED_AGAIN, times=reprovisioning)
    return times + 1


def _certificate_id(holder: Any) -> str:
    if not isinstance(holder, str) or not ID.fullmatch(holder):
        raise Denied(Reason.MALFORMED_RECORD, attribute=CERTIFICATE_ID)
    return holder
