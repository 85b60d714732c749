"""What is done to AWS IoT to take a device out or to let it in, step by step."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from ..console.aws_refusals import NotFoundError
from .holdings import Holdings
from .memory import ACTIVE, Revocation
from .registry import Certificate, Registry


@dataclass(frozen=True)
class Step:
    """A change of AWS IoT.

    Args:
        text: What is changed, as a participle.
        run: Changes it.
        counts: Whether it says that the device was not out, or in, before.
    """

    text: str
    run: Callable[[], None]
    counts: bool = True


def out(memory: Revocation, holdings: Holdings, registry: Registry) -> Iterator[Step]:
    """The steps that take a device out: first what cuts it off.

    An inactive certificate can't connect again, and AWS IoT ends its connections "within a few minutes": the
    device is therefore disconnected. Detached policies may count for some minutes more. What is done already
    is no step.

    https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCertificate.html
    https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
    """
    if not memory.repair:
        yield from _deactivations(holdings, registry)
        yield from _disconnections(holdings, registry)
    for certificate, policies in holdings.certificates:
        for name in policies:
            text = f"{name} detached from {certificate.certificate_id}"
            yield Step(text, partial(registry.detach, name, certificate))
    if memory.quarantine_group:
        yield from _moves(memory.quarantine_group, holdings, registry)
    if memory.repair:
        yield from _activations(memory, (each for each, _ in holdings.certificates), registry)
        yield from _disconnections(holdings, registry)


def back(memory: Revocation, registry: Registry, missing: list[str]) -> Iterator[Step]:
    """The steps that give a device back what it had; last what lets it connect.

    What was detached a moment ago may still be listed as attached: it is attached again all the same.

    Args:
        memory: What it had.
        registry: AWS IoT.
        missing: Gets what does not exist any more.
    """
    found: list[Certificate] = []
    for certificate_id, held in memory.certificates.items():
        certificate = registry.certificate(certificate_id)
        if certificate is None:
            missing.append(f"certificate {certificate_id}")
            continue
        found.append(certificate)
        for name in held.policies:
            attach = partial(_unless_missing, missing, f"policy {name}", registry.attach, name, certificate)
            yield Step(f"{name} attached to {certificate_id}", attach)
    for thing, groups in memory.things.items():
        yield from _returns(thing, groups, memory.quarantine_group, registry, missing)
    yield from _activations(memory, found, registry)


def _deactivations(holdings: Holdings, registry: Registry) -> Iterator[Step]:
    for certificate, _ in holdings.certificates:
        if certificate.status == ACTIVE:
            text = f"certificate {certificate.certificate_id} deactivated"
            yield Step(text, partial(registry.set_status, certificate, "INACTIVE"))


def _activations(
    memory: Revocation, certificates: Iterable[Certificate], registry: Registry
) -> Iterator[Step]:
    for certificate in certificates:
        was_active = memory.certificates[certificate.certificate_id].status == ACTIVE
        if was_active and certificate.status != ACTIVE:
            text = f"certificate {certificate.certificate_id} activated"
            yield Step(text, partial(registry.set_status, certificate, ACTIVE))


def _disconnections(holdings: Holdings, registry: Registry) -> Iterator[Step]:
    for thing in holdings.things:
        yield Step(f"{thing} disconnected", partial(registry.disconnect, thing), counts=False)


def _moves(quarantine_group: str, holdings: Holdings, registry: Registry) -> Iterator[Step]:
    for thing, groups in holdings.things.items():
        for group in groups:
            if group != quarantine_group:
                yield Step(f"{thing} taken out of {group}", partial(registry.leave, thing, group))
        if quarantine_group not in groups:
            text = f"{thing} put into {quarantine_group}"
            yield Step(text, partial(registry.join, thing, quarantine_group))


def _returns(
    thing: str, groups: tuple[str, ...], quarantine_group: str | None, registry: Registry, missing: list[str]
) -> Iterator[Step]:
    if registry.certificate_ids_of(thing) is None:
        missing.append(f"thing {thing}")
        return
    now = registry.groups_of(thing)
    if quarantine_group in now and quarantine_group not in groups:
        leave = partial(registry.leave, thing, str(quarantine_group))
        yield Step(f"{thing} taken out of {quarantine_group}", leave)
    for group in (group for group in groups if group not in now):
        join = partial(_unless_missing, missing, f"thing group {group}", registry.join, thing, group)
        yield Step(f"{thing} put into {group}", join)


def _unless_missing(missing: list[str], what: str, run: Callable[..., None], *arguments: object) -> None:
    try:
        run(*arguments)
    except NotFoundError:
        missing.append(what)
