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


class _Work(Protocol):
    def plan(self, serial_number: str) -> Outcome:
        """What would become of a device."""

    def carry_out(self, serial_number: str) -> Outcome:
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


def _run(request: Request, table: AllowListTable, action: str, work: _Work, ask: Ask) -> int:
    meant = selected(table, request.serial_numbers, request.batch, request.file)
    if not request.yes:
        status = _Pass(request, action, Trail(None), actor=None).over(meant, work.plan)
        if request.dry_run or status == INTERRUPTED:
            return status
        count = f"{len(meant):,} device{'' if len(meant) == 1 else 's'}"
        if not ask(f"{action.capitalize()} {count} of {table.name}?"):
            return FAILED
    actor = str(AwsCalls("you", "sts").call("get_caller_identity")["Arn"])
    with Trail(request.trail) as trail:
        return _Pass(request, action, trail, actor).over(meant, work.carry_out)


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

    def over(self, serial_numbers: Sequence[str], work: Callable[[str], Outcome]) -> int:
        """Report the outcome of every device as it comes; the exit status."""
        with (
            Interruption() as interruption,
            StandardOutput() as output,
            bar("devices", len(serial_numbers)) as move,
        ):
            try:
                for outcome in done_at_once(
                    lambda serial_number: _outcome(serial_number, work),
                    serial_numbers,
                    self._request.parallel,
                    interruption,
                ):
                    self._report(outcome, output)
                    move(self._counts.total(), self._counts.total())
            except KeyboardInterrupt:
                interruption.asked = True
            finally:
                left = len(serial_numbers) - self._counts.total()
        self._summarise(left)
        if left:
            return INTERRUPTED
        return 0 if all(Became(each).is_good for each in self._counts) else FAILED

    def _report(self, outcome: Outcome, output: StandardOutput) -> None:
        self._counts[outcome.became] += 1
        line = outcome.line(self._action, self._actor, time.time())
        self._trail.add(line)
        output.write(f"{line if self._request.as_json else outcome.text}\n".encode())

    def _summarise(self, left: int) -> None:
        counts = ", ".join(f"{count:,} {became}" for became, count in self._counts.items())
        go_on = "give the same command with --resume" if self._action == "revoke" else "give it again"
        rest = [f"interrupted, {left:,} left: {go_on}"] if left else []
        sys.stderr.write(f"{'; '.join([*([counts] if counts else []), *rest])}\n")


def _outcome(serial_number: str, work: Callable[[str], Outcome]) -> Outcome:
    """What became of a device; what AWS refuses for want of a right, it refuses for all."""
    try:
        return work(serial_number)
    except NotAllowedError:
        raise
    except (DeviceError, RefusedError) as problem:
        return Outcome(serial_number, Became.FAILED, (), [str(problem)])
