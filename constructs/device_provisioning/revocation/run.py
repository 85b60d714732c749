"""Many devices, taken out or let in: planned, agreed to, carried out, reported."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..allow_list.table import AllowListTable
from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import NotAllowedError, RefusedError
from ..console.exit_status import FAILED, INTERRUPTED
from ..console.interruption import Interruption
from ..console.many import done_at_once
from ..console.progress import bar
from ..console.sources import UnreadableError
from ..console.standard_output import StandardOutput
from .outcome import Became, Outcome
from .problem import DeviceError
from .registry import Registry
from .releasing import Releaser
from .remembering import Records
from .revoking import Revoker, Wanted
from .selection import selected
from .trail import Trail


@dataclass(frozen=True)
class Request:
    """What the command line asks for: see the options of ``devices revoke`` and ``devices release``."""

    table_name: str
    serial_numbers: Sequence[str]
    batch: str | None
    file: str | None
    yes: bool
    dry_run: bool
    parallel: int
    as_json: bool
    trail: str | None


Work = Callable[[str, list[str]], Outcome]
"""What becomes of a device, and a list that gets each change as it is made."""


class _Verb(Protocol):
    def plan(self, serial_number: str, changes: list[str], /) -> Outcome:
        """What would become of a device."""

    def carry_out(self, serial_number: str, changes: list[str], /) -> Outcome:
        """What became of it."""


Ask = Callable[[str], bool]


def revoke(request: Request, wanted: Wanted, ask: Ask) -> int:
    """Take devices out; the exit status.

    Raises:
        UnreadableError: If something given is wrong, or AWS can't be asked.
    """
    if wanted.repair and not wanted.quarantine_group:
        raise UnreadableError("--repair: needs a --quarantine-group, whose policy says what devices may do")
    registry = Registry(request.parallel)
    if wanted.quarantine_group:
        registry.require_quarantine_group(wanted.quarantine_group, repair=wanted.repair)
    table = AllowListTable(request.table_name, request.parallel)
    return _run(request, table, "revoke", Revoker(Records(table), registry, wanted), ask)


def release(request: Request, ask: Ask, *, skip_missing: bool) -> int:
    """Let devices in again; the exit status.

    Raises:
        UnreadableError: If something given is wrong, or AWS can't be asked.
    """
    table = AllowListTable(request.table_name, request.parallel)
    releaser = Releaser(Records(table), Registry(request.parallel), skip_missing=skip_missing)
    return _run(request, table, "release", releaser, ask)


def _run(request: Request, table: AllowListTable, action: str, verb: _Verb, ask: Ask) -> int:
    meant = selected(table, request.serial_numbers, request.batch, request.file)
    if not request.yes:
        status = _Pass(request, action, Trail(None), actor=None).over(meant, verb.plan)
        if request.dry_run or status == INTERRUPTED:
            return status
        count = f"{len(meant):,} device{'' if len(meant) == 1 else 's'}"
        if not ask(f"{action.capitalize()} {count} of {table.name}?"):
            return FAILED
    actor = str(AwsCalls("you", "sts").call("get_caller_identity")["Arn"])
    with Trail(request.trail) as trail:
        return _Pass(request, action, trail, actor).over(meant, verb.carry_out)


class _Pass:
    """One pass over all devices.

    Args:
        request: What is asked for.
        action: ``revoke`` or ``release``.
        trail: Where each outcome is added.
        actor: The ARN of whoever does it; ``None`` if nothing is done.
    """

    def __init__(self, request: Request, action: str, trail: Trail, actor: str | None) -> None:
        self._request = request
        self._action = action
        self._trail = trail
        self._actor = actor
        self._counts = Counter[str]()
        self._fatal: UnreadableError | None = None

    def over(self, serial_numbers: Sequence[str], work: Work) -> int:
        """Report the outcome of every device as it comes; the exit status.

        Raises:
            UnreadableError: If AWS refuses a device what it would refuse all.
        """
        with (
            Interruption() as interruption,
            StandardOutput() as output,
            bar("devices", len(serial_numbers)) as move,
        ):
            outcomes = done_at_once(
                lambda serial_number: self._outcome(serial_number, work),
                serial_numbers,
                self._request.parallel,
                lambda: interruption.asked or self._fatal is not None,
            )
            try:
                for outcome in outcomes:
                    self._report(outcome, output)
                    move(self._counts.total(), self._counts.total())
            except KeyboardInterrupt:
                interruption.asked = True
        left = len(serial_numbers) - self._counts.total()
        self._summarise(left)
        if self._fatal:
            raise self._fatal
        if left:
            return INTERRUPTED
        return 0 if all(Became(each).is_good for each in self._counts) else FAILED

    def _outcome(self, serial_number: str, work: Work) -> Outcome:
        """What became of a device; what is not about it alone ends the run, once the others are done."""
        changes: list[str] = []
        try:
            return work(serial_number, changes)
        except UnreadableError as problem:
            is_of_device = isinstance(problem, DeviceError | RefusedError)
            if isinstance(problem, NotAllowedError) or not is_of_device:
                self._fatal = problem
            return Outcome(serial_number, Became.FAILED, changes, [str(problem)])

    def _report(self, outcome: Outcome, output: StandardOutput) -> None:
        self._counts[outcome.became] += 1
        line = outcome.line(self._action, self._actor, time.time())
        self._trail.add(line)
        output.write(f"{line if self._request.as_json else outcome.text}\n".encode())

    def _summarise(self, left: int) -> None:
        counts = ", ".join(f"{count:,} {became}" for became, count in self._counts.items())
        go_on = "give the same command with --resume" if self._action == "revoke" else "give it again"
        rest = (
            [f"ended early, {left:,} left: {go_on if self._actor else 'nothing was changed'}"] if left else []
        )
        sys.stderr.write(f"{'; '.join([*([counts] if counts else []), *rest])}\n")
