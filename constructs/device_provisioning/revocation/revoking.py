"""One device, taken out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..records.record import ROTATED_AT, reserved_at
from .holdings import Holdings, holdings_of
from .memory import Revocation
from .outcome import Became, Outcome
from .problem import DeviceError
from .registry import Registry
from .remembering import OVERTAKEN, Record, Records, is_blocked
from .steps import Step, out

SECONDS_TO_REGISTER = 30
"""How long a registration may go on that the hook let through: what it keeps a reservation for by default.

AWS IoT waits five seconds for a hook, and makes the thing then: how long that takes is documented nowhere.
https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html
"""
BLOCKED = "record blocked"


@dataclass(frozen=True)
class Wanted:
    """How devices are to be taken out: see the options of ``devices revoke``."""

    quarantine_group: str | None = None
    repair: bool = False
    thing_name_prefix: str | None = None
    resume: bool = False


class Revoker:
    """Take devices out.

    Args:
        records: Their records.
        registry: AWS IoT.
        wanted: How.
        now: The time in seconds since 1970.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        records: Records,
        registry: Registry,
        wanted: Wanted,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._records = records
        self._registry = registry
        self._wanted = wanted
        self._now = now
        self._sleep = sleep

    def plan(self, serial_number: str, _changes: list[str]) -> Outcome:
        """What would become of a device.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        record = self._records.read(serial_number)
        if record is None:
            return Outcome(serial_number, Became.NOT_LISTED)
        before = Revocation.of(record)
        memory, holdings = self._found(record, before or self._begun(record))
        steps = list(out(memory, holdings, self._registry))
        changes = [] if is_blocked(record) else [BLOCKED]
        if before and before.complete and not changes and not any(step.counts for step in steps):
            return Outcome(serial_number, Became.ALREADY_REVOKED, (), holdings.notes)
        texts = [*changes, *(step.text for step in steps)]
        return Outcome(serial_number, Became.TO_REVOKE, texts, holdings.notes)

    def carry_out(self, serial_number: str, changes: list[str]) -> Outcome:
        """Take a device out; go on with it, if that was begun and cut off.

        The record is blocked first, and remembers what the device has before any of it is taken away.

        Args:
            serial_number: The device.
            changes: Gets what is changed, as it is.

        Raises:
            UnreadableError: If AWS refuses or can't be reached, or somebody else changes the record.
        """
        record = self._records.read(serial_number)
        if record is None:
            return Outcome(serial_number, Became.NOT_LISTED)
        before = Revocation.of(record)
        if self._wanted.resume and before and is_blocked(record) and self._is_as_wanted(before):
            return Outcome(serial_number, Became.ALREADY_REVOKED)
        if before is None or not is_blocked(record):
            self._records.remember(record, before or self._begun(record))
            changes += [] if is_blocked(record) else [BLOCKED]
        done, notes = self._cut_off(serial_number, changes)
        if before and before.complete and not any(step.counts for step in done) and BLOCKED not in changes:
            return Outcome(serial_number, Became.ALREADY_REVOKED, (), notes)
        return Outcome(serial_number, Became.REVOKED, list(dict.fromkeys(changes)), notes)

    def _cut_off(self, serial_number: str, changes: list[str]) -> tuple[Sequence[Step], Sequence[str]]:
        record, done, notes = self._pass(serial_number, changes)
        let_through = max(reserved_at(record) or 0, _seconds(record.get(ROTATED_AT)))
        late = let_through + SECONDS_TO_REGISTER - self._now()
        if late > 0:
            # A registration or a rotation that a hook had let through may have gone on meanwhile.
            self._sleep(min(late, SECONDS_TO_REGISTER))
            record, more, notes = self._pass(serial_number, changes)
            done = [*done, *more]
        memory = Revocation.of(record)
        if memory and not memory.complete:
            self._records.remember(record, memory.model_copy(update={"complete": True}))
        return done, notes

    def _pass(self, serial_number: str, changes: list[str]) -> tuple[Record, Sequence[Step], Sequence[str]]:
        """Remember what the device has, then take it away."""
        record = self._records.read(serial_number)
        if record is None:
            raise DeviceError(OVERTAKEN)
        before = Revocation.of(record) or self._begun(record)
        memory, holdings = self._found(record, before)
        if memory != before:
            memory = memory.model_copy(update={"complete": False})
            record = self._records.remember(record, memory)
        done = []
        for step in out(memory, holdings, self._registry):
            step.run()
            done.append(step)
            changes.append(step.text)
        return record, done, holdings.notes

    def _found(self, record: Record, before: Revocation) -> tuple[Revocation, Holdings]:
        wanted = self._wanted
        holdings = holdings_of(record, before, self._registry, wanted.thing_name_prefix)
        memory = before.with_held(holdings.held, holdings.things, wanted.quarantine_group)
        return memory.model_copy(update={"repair": wanted.repair}), holdings

    def _begun(self, record: Record) -> Revocation:
        return Revocation(at=int(self._now()), blocked=is_blocked(record))

    def _is_as_wanted(self, memory: Revocation) -> bool:
        group = self._wanted.quarantine_group
        is_same = memory.repair == self._wanted.repair and group in (None, memory.quarantine_group)
        return memory.complete and is_same


def _seconds(value: Any) -> int:
    """A time of a record; 0 if it is none."""
    return value if type(value) is int else 0
