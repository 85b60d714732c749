"""What a device has in AWS IoT: its certificates with their policies, its things with their groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..records.record import CERTIFICATE_ID, SERIAL_NUMBER
from .memory import HeldCertificate, Revocation
from .problem import DeviceError
from .registry import Certificate, Registry

PENDING = "PENDING_ACTIVATION"


@dataclass(frozen=True)
class Holdings:
    """What a device has now.

    Args:
        certificates: Its certificates, with the names of their policies.
        things: The static groups of each of its things.
        notes: What whoever revokes it should know.
    """

    certificates: Sequence[tuple[Certificate, tuple[str, ...]]]
    things: Mapping[str, tuple[str, ...]]
    notes: Sequence[str] = ()

    @property
    def held(self) -> Mapping[str, HeldCertificate]:
        """The certificates, as they are remembered."""
        return {
            each.certificate_id: HeldCertificate(status=each.status, policies=policies)
            for each, policies in self.certificates
        }


def holdings_of(
    record: Mapping[str, Any], memory: Revocation | None, registry: Registry, prefix: str | None
) -> Holdings:
    """What a device has: by the certificate that its record names, and by its thing's further ones.

    A certificate that is not active yet is left alone: its device can't use it, and nothing activates it
    while the record is blocked.

    Args:
        record: The device's record, without DynamoDB's types.
        memory: What a revocation before this one found; ``None`` if there is none.
        registry: AWS IoT.
        prefix: What the names of things begin with, before the serial number; ``None`` if that is not known.

    Raises:
        DeviceError: If its certificate is that of things with another prefix only.
    """
    known = dict(memory.certificates) if memory else {}
    named = registry.certificate(str(record[CERTIFICATE_ID])) if CERTIFICATE_ID in record else None
    things_of_named = registry.things_of(named) if named else ()
    notes: list[str] = []
    things = [*(memory.things if memory else ()), *_things(record, things_of_named, prefix, notes)]
    found = {name: registry.certificate_ids_of(name) for name in dict.fromkeys(things)}
    own = [name for name, certificate_ids in found.items() if certificate_ids is not None]
    ids = [*known, *(each for name in own for each in found[name] or ())]
    certificates = _certificates(registry, named, ids)
    notes += _shared(registry, [each for each in certificates if each != named], own)
    if named is None and not certificates:
        notes.append("no certificate of it was found")
    return Holdings(
        [(each, registry.policies_of(each.arn)) for each in certificates],
        {name: registry.groups_of(name) for name in own},
        notes,
    )


def _things(
    record: Mapping[str, Any], things: Sequence[str], prefix: str | None, notes: list[str]
) -> Sequence[str]:
    """The device's own things: not all that its certificate is attached to, if it is to several.

    Raises:
        DeviceError: If its certificate is that of others only, so that the prefix is one of another fleet.
    """
    if prefix is not None:
        own = [f"{prefix}{record[SERIAL_NUMBER]}"]
        if things and own[0] not in things:
            raise DeviceError(
                f"its certificate is that of {', '.join(sorted(things))}, not of {own[0]}: check"
                " --thing-name-prefix"
            )
    else:
        own = list(things) if len(things) == 1 else []
    if others := sorted(set(things) - set(own)):
        notes.append(f"its certificate is that of {', '.join(others)} as well")
    return own


def _certificates(
    registry: Registry, named: Certificate | None, certificate_ids: Iterable[str]
) -> Sequence[Certificate]:
    ids = [each for each in dict.fromkeys(certificate_ids) if not named or each != named.certificate_id]
    found = [named, *map(registry.certificate, ids)]
    return [each for each in found if each and each.status != PENDING]


def _shared(registry: Registry, certificates: Iterable[Certificate], own: Sequence[str]) -> Iterable[str]:
    for certificate in certificates:
        if others := sorted(set(registry.things_of(certificate)) - set(own)):
            yield f"certificate {certificate.certificate_id} is that of {', '.join(others)} as well"
