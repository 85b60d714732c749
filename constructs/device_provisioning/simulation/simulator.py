"""Simulating devices one after the other, in memory that does not grow with their number."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from ..aws_iot.evaluation import (
    CompiledTemplate,
    ExistingThing,
    Failure,
    FailureReason,
    Outcome,
    RefusedError,
    failed,
)
from ..console.devices import Device
from ..console.interruption import Interruption
from ..console.output_files import UnwritableError
from ..console.records import json_line

VERSION = 1
"""The version of a line: it grows when a field is taken away or changes its meaning."""
BATCH = 500
_SHOWN_PROBLEMS = 10


class SimulatedFailure(Protocol):
    """Why a device can't be provisioned, whoever provisions."""

    @property
    def reason(self) -> StrEnum:
        """The kind of failure."""

    @property
    def path(self) -> str:
        """Where in the template body, as a JSON pointer."""

    @property
    def problem(self) -> str:
        """What is wrong."""


class SimulatedOutcome(Protocol):
    """What becomes of a device, whoever provisions it."""

    @property
    def result(self) -> StrEnum:
        """How it ends."""

    @property
    def failures(self) -> Sequence[SimulatedFailure]:
        """Why it fails."""

    @property
    def document(self) -> dict[str, Any]:
        """All of it as JSON."""


class Hook(Protocol):
    """A pre-provisioning hook to run for each device."""

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """The parameters that it overrides for a device, or a ``RefusedError``."""


class Tally:
    """How many devices ended how, and the first lines that could not be read."""

    def __init__(self) -> None:
        self.devices = 0
        self.results: Counter[StrEnum] = Counter()
        self.failures: Counter[tuple[StrEnum, str, str]] = Counter()
        self.last_line: int | None = None
        self.unreadable = 0
        self.shown_problems: list[tuple[int | None, str]] = []

    def add(self, device: Device, outcome: SimulatedOutcome) -> None:
        """Count a device."""
        self.devices += 1
        self.last_line = device.line
        self.results[outcome.result] += 1
        for failure in outcome.failures:
            self.failures[failure.reason, failure.path, failure.problem] += 1
        if device.problem:
            self.unreadable += 1
            if len(self.shown_problems) < _SHOWN_PROBLEMS:
                self.shown_problems.append((device.line, device.problem))

    def add_later(self, later: "Tally") -> None:
        """Count what another one counted of the devices after these."""
        self.devices += later.devices
        self.results += later.results
        self.failures += later.failures
        self.last_line = later.last_line
        self.unreadable += later.unreadable
        self.shown_problems = [*self.shown_problems, *later.shown_problems][:_SHOWN_PROBLEMS]


def simulate_devices(
    devices: Iterable[Device],
    outcome_of: Callable[[Device], SimulatedOutcome],
    write: Callable[[bytes], object],
    tally: Tally,
    interruption: Interruption,
    *,
    ahead_of: Callable[[Iterable[Device]], Iterable[Device]] = iter,
    batch: int = BATCH,
    after_write: Callable[[], object] = lambda: None,
) -> None:
    """Write what every device gets, one object per line.

    Args:
        devices: The devices.
        outcome_of: What becomes of one.
        write: Takes whole lines.
        tally: Counts the devices.
        interruption: Says when to stop.
        ahead_of: Reads devices ahead; by default each is read when it is its turn.
        batch: How many lines are written at once; 500 by default.
        after_write: Called whenever lines were written; nothing by default.
    """
    lines: list[bytes] = []
    try:
        for device in ahead_of(until(interruption, devices)):
            outcome = outcome_of(device)
            tally.add(device, outcome)
            lines.append(_line(device, outcome))
            if len(lines) >= batch:
                text = b"".join(lines)
                lines.clear()
                write(text)
                after_write()
    except UnwritableError:
        lines.clear()
        raise
    finally:
        write(b"".join(lines))


def simulated(
    devices: Iterable[Device], outcome_of: Callable[[Device], SimulatedOutcome]
) -> tuple[bytes, Tally]:
    """What devices get, as lines, and how many ended how.

    Args:
        devices: The devices.
        outcome_of: What becomes of one.
    """
    tally, lines = Tally(), []
    for device in devices:
        outcome = outcome_of(device)
        tally.add(device, outcome)
        lines.append(_line(device, outcome))
    return b"".join(lines), tally


def _line(device: Device, outcome: SimulatedOutcome) -> bytes:
    record = {"version": VERSION, "line": device.line, "device": device.parameters, **outcome.document}
    return json_line(record)


def until(interruption: Interruption, devices: Iterable[Device]) -> Iterator[Device]:
    """Devices, as long as nobody interrupts."""
    for device in devices:
        if interruption.asked:
            return
        yield device


def unreadable(problem: str) -> Outcome:
    """The outcome of a device that could not be read."""
    return failed(Failure(FailureReason.UNREADABLE_DEVICE, "", problem))


def is_hook_asked(device: Device) -> bool:
    """Whether AWS IoT asks a hook about a device: everything that it supplies is a string."""
    return not device.problem and all(isinstance(value, str) for value in device.parameters.values())


class Simulator:
    """What becomes of a device: the hook is asked first, then the template is evaluated.

    Each device is judged alone: a thing that an earlier device of the same run got does not exist.

    Args:
        template: The template.
        existing: The things that exist.
        hook: The hook; none by default.
        refusals: Why the template provisions no device at all, for those that have no other reason; nothing
            by default.
    """

    def __init__(
        self,
        template: CompiledTemplate,
        existing: Mapping[str, ExistingThing],
        hook: Hook | None = None,
        refusals: Sequence[Failure] = (),
    ) -> None:
        self._template = template
        self._existing = existing
        self._hook = hook
        self._refused = failed(*refusals) if refusals else None

    def outcome(self, device: Device) -> Outcome:
        """What AWS IoT would do."""
        outcome = self._evaluated(device)
        return outcome if outcome.failures else self._refused or outcome

    def _evaluated(self, device: Device) -> Outcome:
        parameters = device.parameters
        if device.problem:
            return unreadable(device.problem)
        if not self._hook or not is_hook_asked(device):
            return self._template.evaluate(parameters, self._existing)
        try:
            overrides = self._hook.overrides(parameters)
        except RefusedError as refused:
            return failed(refused.failure)
        return self._template.evaluate(parameters, self._existing, overrides)
