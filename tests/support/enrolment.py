"""Enrolment as participants of which each may act at any time.

Time goes on in steps of five seconds, in which a hook has to answer. AWS IoT registers a device that was let
through before the reservation is over, or never. A function that ends halfway is a step that is never taken.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any
from unittest import mock

from botocore.exceptions import ClientError, ConnectionClosedError

from device_provisioning.records import record as items
from device_provisioning.records import transaction
from tests.support.modelled_aws import World, answered
from tests.support.orders import Answer, Explorer, run, violated

NOW = 1_800_000_000
HOOK_SECONDS = 5
RESERVATION_SECONDS = 10
IN_USE = {"PENDING_ACTIVATION", "ACTIVE"}
WRITES = frozenset({"transact_write_items", "update_item"})
ANSWERED, LOST, LATE = "", ", and its answer is lost", ", which is not answered and may be carried out later"


@dataclass(frozen=True)
class Participant:
    """Somebody whose code calls AWS.

    Args:
        name: What steps call it.
        code: Its code: it gets the calls and the time, and returns what came of it.
        ended: The state of things after its end.
        after: The participants that have ended before it begins.
        seconds: How long it may run.
        certificate: The certificate that it is about.
        serial_number: The serial number that it is about.
    """

    name: str
    code: Callable[[Any, Callable[[], int]], Any]
    ended: Callable[["State", "Progress", Any], "State"]
    after: tuple[str, ...] = ()
    seconds: int = HOOK_SECONDS
    certificate: str = ""
    serial_number: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a participant has come; ``shut_out`` and ``blocked`` are what its beginning was like."""

    began: int
    shut_out: frozenset[str]
    blocked: bool
    answers: tuple[Answer, ...] = ()
    held: bool = True
    lost: bool = False
    ended: bool = False

    @property
    def identity(self) -> Any:
        """What tells it from others."""
        if self.ended:
            return "ended"
        return (
            self.began,
            self.shut_out,
            self.blocked,
            self.held,
            self.lost,
            tuple(a.identity for a in self.answers),
        )


@dataclass(frozen=True)
class Act:
    """Something that happens once, at any time: of the operator, or of the world."""

    name: str
    change: Callable[["State"], "State | None"]


@dataclass(frozen=True)
class Registering:
    """A device that AWS IoT may register until a certain second, or never."""

    certificate: str
    serial_number: str
    until: int
    registers: bool = True


@dataclass(frozen=True)
class Unanswered:
    """A call of AWS IoT that nobody waits for any more, which it may still carry out."""

    operation: str
    arguments: str

    def carried_out(self, world: World) -> World:
        """The world after it."""
        return answered(world, "iot", self.operation, json.loads(self.arguments))[1]


@dataclass(frozen=True)
class State:
    """The world, and how far everybody has come."""

    world: World
    progress: Mapping[str, Progress] = field(default_factory=dict)
    registering: frozenset[Registering] = frozenset()
    done: frozenset[str] = frozenset()
    shut_out: frozenset[str] = frozenset()
    losses: int = 0
    unanswered: frozenset[Unanswered] = frozenset()

    @property
    def identity(self) -> Any:
        """What tells it from others."""
        return (
            self.world.identity,
            frozenset((name, each.identity) for name, each in self.progress.items()),
            self.registering,
            self.done,
            self.shut_out,
            self.losses,
            self.unanswered,
        )


@dataclass
class Scenario:
    """Participants and acts, gone through in every order.

    Args:
        world: What there is at first.
        participants: Who calls AWS.
        acts: What else happens.
        check: What has to hold in every state.
        ticks: How often time goes by.
        tick_seconds: How much of it, in which a hook has to answer.
        losses: How many answers get lost.
        lost: The operations whose answers get lost.
        late: Those of AWS IoT that it may carry out after their answers were given up.
    """

    world: World
    participants: list[Participant]
    check: Callable[[State], None]
    acts: list[Act] = field(default_factory=list)
    ticks: int = 3
    tick_seconds: int = HOOK_SECONDS
    losses: int = 0
    lost: frozenset[str] = WRITES
    late: frozenset[str] = frozenset()

    def explored(self) -> tuple[int, int]:
        """How many orders there are, and how many different states in them.

        Raises:
            Violation: In the first state that must not be.
        """
        explorer = Explorer(self._steps, lambda state: state.identity, self.check)
        orders = explorer.orders(State(self.world, losses=self.losses))
        return orders, explorer.states

    def _steps(self, state: State) -> Iterator[tuple[str, State]]:
        for participant in self.participants:
            yield from self._own_steps(participant, state)
        for registering in sorted(state.registering, key=repr):
            after = _seen(_activated(state, registering), self.participants)
            yield f"AWS IoT activates {_short(registering)}", after
        for each in sorted(state.unanswered, key=repr):
            rest = state.unanswered - {each}
            done = replace(state, world=each.carried_out(state.world), unanswered=rest)
            yield f"AWS IoT carries out {each.operation}", _seen(done, self.participants)
        for act in self.acts:
            if act.name not in state.done and (after := act.change(state)):
                yield act.name, _seen(replace(after, done=state.done | {act.name}), self.participants)
        if state.world.now < self.world.now + self.ticks * self.tick_seconds:
            yield f"{self.tick_seconds} seconds go by", _later(state, self.participants, self.tick_seconds)

    def _own_steps(self, participant: Participant, state: State) -> Iterator[tuple[str, State]]:
        progress = state.progress.get(participant.name)
        if progress is None:
            ended = {name for name, each in state.progress.items() if each.ended}
            if not ended.issuperset(participant.after):
                return
            blocked = _is_blocked(state.world, participant.serial_number)
            held = _holds(state.world, participant)
            progress = Progress(state.world.now, state.shut_out, blocked, held=held)
        if progress.ended:
            return
        fates = (ANSWERED, LOST, LATE) if self.late else (ANSWERED, LOST)
        for fate in fates if state.losses else (ANSWERED,):
            name, after = self._stepped(participant, progress, state, fate)
            if after is not None:
                yield name, after

    def _stepped(
        self, participant: Participant, progress: Progress, state: State, fate: str
    ) -> tuple[str, Any]:
        worlds, called, unanswered, loses = [state.world], [], set(), fate != ANSWERED

        def execute(service: str, operation: str, arguments: Mapping[str, Any]) -> Answer:
            called.append(operation)
            try:
                value, world = answered(state.world, service, operation, arguments)
            except ClientError as error:
                return Answer(error=error)
            _require_unblocked(participant, state.world, world)
            if fate == LATE:
                unanswered.add(Unanswered(operation, json.dumps(arguments, sort_keys=True)))
                world = state.world
            worlds.append(world)
            if loses:
                return Answer(error=ConnectionClosedError(endpoint_url="https://aws"))
            return Answer(value)

        clock = lambda calls: calls.look(lambda: state.world.now)  # noqa: E731
        with mock.patch.object(transaction, "uuid", _Tokens(participant.name, progress.began)):
            code = lambda calls: participant.code(calls, partial(clock, calls))  # noqa: E731
            answers, returned = run(code, progress.answers, execute)
        name = f"{participant.name}: {' '.join(called) or 'ends'}{fate}"
        losable = self.late if fate == LATE else self.lost
        if loses and (len(worlds) == 1 or not losable.intersection(called)):
            return name, None
        progress = replace(progress, answers=answers, lost=progress.lost or loses, ended=returned is not None)
        after = replace(
            state,
            world=worlds[-1],
            progress={**state.progress, participant.name: progress},
            losses=state.losses - loses,
            unanswered=state.unanswered | unanswered,
        )
        after = _seen(after, self.participants)
        if returned:
            after = participant.ended(after, after.progress[participant.name], returned[0])
        return name, after


class _Tokens:
    """What makes up tokens: the same ones each time that code runs."""

    def __init__(self, *names: Any) -> None:
        self._names, self._numbers = names, count()

    def uuid4(self) -> uuid.UUID:
        """The next one."""
        return uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([*self._names, next(self._numbers)]))


def _seen(state: State, participants: list[Participant]) -> State:
    """A state that everybody who runs has seen."""
    progress = dict(state.progress)
    for each in participants:
        if each.name in progress and progress[each.name].held:
            progress[each.name] = replace(progress[each.name], held=_holds(state.world, each))
    return replace(state, progress=progress)


def _holds(world: World, participant: Participant) -> bool:
    """Whether the certificate is in use and has the record, which lets it through."""
    record = items.plain(world.record(participant.serial_number))
    certificate = world.certificates.get(participant.certificate)
    return bool(
        certificate
        and certificate.status in IN_USE
        and record.get(items.CERTIFICATE_ID) == participant.certificate
        and not _is_blocked(world, participant.serial_number)
    )


def _is_blocked(world: World, serial_number: str) -> bool:
    return items.plain(world.record(serial_number)).get(items.BLOCKED, False) is not False


def _later(state: State, participants: list[Participant], seconds_later: int) -> State:
    now = state.world.now + seconds_later
    seconds = {each.name: each.seconds for each in participants}
    progress = {
        name: replace(each, ended=each.ended or now > each.began + seconds[name])
        for name, each in state.progress.items()
    }
    registering = frozenset(each for each in state.registering if now < each.until)
    return replace(state, world=replace(state.world, now=now), progress=progress, registering=registering)


def _activated(state: State, registering: Registering) -> State:
    name, serial_number = registering.certificate, registering.serial_number
    things = state.world.certificates[name].things | {serial_number}
    world = state.world.with_certificate(name, status="ACTIVE", things=things)
    if registering.registers:
        world = replace(world, active=world.active | {(serial_number, name)})
    # An answer that was given before took effect: what the operator did has to be done again.
    progress = {
        participant: replace(each, shut_out=each.shut_out - {name})
        for participant, each in state.progress.items()
    }
    return replace(
        state,
        world=world,
        progress=progress,
        registering=state.registering - {registering},
        shut_out=state.shut_out - {name},
    )


def _require_unblocked(participant: Participant, before: World, after: World) -> None:
    times = [items.plain(world.record(participant.serial_number)) for world in (before, after)]
    changed = times[0].get(items.RESERVED_AT, 0) < times[1].get(items.RESERVED_AT, 0)
    if changed and _is_blocked(before, participant.serial_number):
        violated("P4", f"{participant.name} wrote a record that is blocked")


def _short(registering: Registering) -> str:
    return f"{registering.certificate[:4]} as {registering.serial_number}"


def listed(serial_number: str, **attributes: Any) -> Mapping[str, Any]:
    """A record of a device."""
    return {**items.key(serial_number), **{name: items.typed(value) for name, value in attributes.items()}}


def blocks(serial_number: str) -> Act:
    """The operator blocks a device."""

    def change(state: State) -> State:
        blocked = {**state.world.record(serial_number), items.BLOCKED: {"BOOL": True}}
        return replace(state, world=state.world.with_item(blocked))

    return Act(f"the operator blocks {serial_number}", change)


def takes_out_of_use(certificate: str) -> Act:
    """The operator deactivates a certificate that has become active."""

    def change(state: State) -> State | None:
        if state.world.certificates[certificate].status != "ACTIVE":
            return None
        world = state.world.with_certificate(certificate, status="INACTIVE")
        return replace(state, world=world, shut_out=state.shut_out | {certificate})

    return Act(f"the operator deactivates {certificate[:4]}", change)


def imports(serial_number: str, **overrides: str) -> Act:
    """The list gives other parameters than before."""

    def change(state: State) -> State:
        given = {items.PARAMETER_OVERRIDES: items.typed(overrides)}
        record = {**state.world.record(serial_number), **given}
        return replace(state, world=state.world.with_item(record))

    return Act(f"the list gives {overrides}", change)
