"""A body that depends on conditions: what becomes of a device each way the template can be deployed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..aws_iot.evaluation import RefusedError, Result
from ..console.devices import Device
from ..console.sources import UnreadableError
from .simulator import Hook, SimulatedFailure, SimulatedOutcome

_VALUES = {"true": True, "false": False}


def parse_conditions(given: Sequence[str]) -> dict[str, bool]:
    """What is chosen of the conditions of a template.

    Args:
        given: ``NAME=true`` or ``NAME=false`` each.

    Raises:
        UnreadableError: If one is neither.

    Example:
        >>> parse_conditions(["IsProduction=true"])
        {'IsProduction': True}
    """
    chosen = {}
    for option in given:
        name, _, value = option.partition("=")
        if not name or value not in _VALUES:
            raise UnreadableError(f"--condition {option!r}: give NAME=true or NAME=false")
        chosen[name] = _VALUES[value]
    return chosen


def written(conditions: Mapping[str, bool]) -> str:
    """Conditions as they are given.

    Example:
        >>> written({"IsProduction": True, "IsLarge": False})
        'IsProduction=true, IsLarge=false'
    """
    return ", ".join(f"{name}={str(value).lower()}" for name, value in conditions.items())


@dataclass(frozen=True)
class BranchedOutcome:
    """What becomes of a device in every branch; the worst of it counts.

    Args:
        branches: The conditions of each, and the outcome.
    """

    branches: Sequence[tuple[Mapping[str, bool], SimulatedOutcome]]

    @property
    def _worst(self) -> SimulatedOutcome:
        failed = (outcome for _, outcome in self.branches if outcome.result == Result.FAILED)
        return next(failed, self.branches[0][1])

    @property
    def result(self) -> StrEnum:
        """How it ends."""
        return self._worst.result

    @property
    def failures(self) -> Sequence[SimulatedFailure]:
        """Why it fails."""
        return self._worst.failures

    @property
    def document(self) -> dict[str, Any]:
        """All of it as JSON."""
        branches = [
            {"conditions": dict(conditions), **outcome.document} for conditions, outcome in self.branches
        ]
        return {**self._worst.document, "branches": branches}


def in_every_branch(
    branches: Sequence[tuple[Mapping[str, bool], Callable[[Device], SimulatedOutcome]]],
) -> Callable[[Device], SimulatedOutcome]:
    """What becomes of a device, whichever way the template is deployed.

    Args:
        branches: The conditions of each branch, and what becomes of a device there.
    """
    if len(branches) == 1:
        return branches[0][1]
    return lambda device: BranchedOutcome([(conditions, of(device)) for conditions, of in branches])


class AskedOnce:
    """A hook that every branch asks about the same device, and that is run once.

    Args:
        hook: The hook.
    """

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._about: Mapping[str, str] | None = None
        self._answer: Mapping[str, str | None] | RefusedError = {}

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """The parameters that it overrides for a device.

        Raises:
            RefusedError: If it refuses the device.
        """
        if self._about is not parameters:
            self._about, self._answer = parameters, self._asked(parameters)
        if isinstance(self._answer, RefusedError):
            raise self._answer
        return self._answer

    def _asked(self, parameters: Mapping[str, str]) -> Mapping[str, str | None] | RefusedError:
        try:
            return self._hook.overrides(parameters)
        except RefusedError as refused:
            return refused
