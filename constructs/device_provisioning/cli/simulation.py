"""Simulating devices one after the other, in memory that does not grow with their number."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from .devices import Device
from .hook_in_the_loop import HookInTheLoop
from .interruption import Interruption
from .records import json_line

_BATCH = 500
_TOLD_PROBLEMS = 10


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


class Tally:
    """How many devices ended how, and the first lines that could not be read."""

    def __init__(self) -> None:
        self.devices = 0
        self.results: Counter[StrEnum] = Counter()
        self.failures: Counter[tuple[StrEnum, str, str]] = Counter()
        self.last_line: int | None = None
        self.unreadable = 0
        self.told_problems: list[tuple[int | None, str]] = []

    def add(self, device: Device, outcome: SimulatedOutcome) -> None:
        """Count a device."""
        self.devices += 1
        self.last_line = device.line
        self.results[outcome.result] += 1
        for failure in outcome.failures:
            self.failures[failure.reason, failure.path, failure.problem] += 1
        if device.problem:
            self.unreadable += 1
            if len(self.told_problems) < _TOLD_PROBLEMS:
                self.told_problems.append((device.line, device.problem))


def simulate_devices(
    devices: Iterable[Device],
    outcome_of: Callable[[Device], SimulatedOutcome],
    write: Callable[[bytes], object],
    tally: Tally,
    interruption: Interruption,
    *,
    batch: int = _BATCH,
    told: Callable[[], object] = lambda: None,
) -> None:
    """Write what every device gets, an object a line.

    Args:
        devices: The devices.
        outcome_of: What becomes of one.
        write: Takes whole lines.
        tally: Counts the devices.
        interruption: Says when to stop.
        batch: How many lines are written at once; 500 by default.
        told: Called whenever lines were written; nothing by default.
    """
    lines: list[bytes] = []
    try:
        for device in devices:
            outcome = outcome_of(device)
            tally.add(device, outcome)
            record = {"line": device.line, "device": device.parameters, **outcome.document}
            lines.append(json_line(record))
            if len(lines) >= batch:
                text = b"".join(lines)
                lines.clear()
                write(text)
                told()
            if interruption.asked:
                break
    finally:
        write(b"".join(lines))


def unreadable(problem: str) -> Outcome:
    """The outcome of a device that could not be read."""
    return failed(Failure(FailureReason.UNREADABLE_DEVICE, "", problem))


class Simulator:
    """What becomes of a device: the hook is asked first, then the template is evaluated.

    Each device is judged alone: a thing that an earlier device of the same run got does not exist.

    Args:
        template: The template.
        existing: The things that exist.
        hook: The hook; none by default.
    """

    def __init__(
        self,
        template: CompiledTemplate,
        existing: Mapping[str, ExistingThing],
        hook: HookInTheLoop | None = None,
    ) -> None:
        self._template = template
        self._existing = existing
        self._hook = hook

    def outcome(self, device: Device) -> Outcome:
        """What AWS IoT would do."""
        parameters = device.parameters
        if device.problem:
            return unreadable(device.problem)
        if not self._hook or not all(isinstance(value, str) for value in parameters.values()):
            return self._template.evaluate(parameters, self._existing)
        try:
            overrides = self._hook.overrides(parameters)
        except RefusedError as refused:
            return failed(refused.failure)
        return self._template.evaluate(parameters, self._existing, overrides)
