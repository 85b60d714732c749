"""What benchmarks report: measurements of two sides that ran in turn, and whether an aim is met."""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Modules are compiled once, as they are wherever programs run more than once.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
COST = Path(__file__).parent / "programs" / "cost.py"


@dataclass(frozen=True)
class Aim:
    """What a factor, or a number that is compared with nothing, should be.

    Args:
        limit: The number.
        at_most: Whether less is better; yes by default.
    """

    limit: float
    at_most: bool = True

    def is_met(self, value: float) -> bool:
        """Whether a value is what it should be."""
        return value <= self.limit if self.at_most else value >= self.limit

    def text(self, unit: str) -> str:
        """Such as ``≤ 0.8×``."""
        return f"{'≤' if self.at_most else '≥'} {written(self.limit)}{unit}"


@dataclass(frozen=True)
class Measurement:
    """One row of the table.

    Args:
        case: What was measured.
        unit: Of both numbers, such as ``ms``.
        ours: What this library takes or does.
        other: What it is compared with; nothing by default.
        aim: Of ``ours / other``, or of ``ours`` alone; none by default.
        details: What else is kept in ``results.json``; nothing by default.
    """

    case: str
    unit: str
    ours: float
    other: float | None = None
    aim: Aim | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def factor(self) -> float | None:
        """``ours / other``."""
        return None if self.other is None else self.ours / self.other

    def record(self) -> dict[str, Any]:
        """What ``results.json`` keeps."""
        judged = self.ours if self.factor is None else self.factor
        unit = f" {self.unit}" if self.factor is None else "×"
        return {
            **asdict(self),
            "factor": self.factor,
            "aim": self.aim.text(unit) if self.aim else None,
            "met": self.aim.is_met(judged) if self.aim else None,
        }


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Args:
        seconds: From start to end.
        cpu_seconds: Of one core.
        peak_mib: The most memory that it had.
        output: What it wrote.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


def in_turn(rounds: int, *sides: Callable[[], float], warm_up: bool = True) -> list[list[float]]:
    """What each side took, round by round; the side that begins changes.

    Args:
        rounds: How many rounds there are.
        sides: Each takes its measure once.
        warm_up: Whether there is a round before that does not count; yes by default.
    """
    for side in sides if warm_up else ():
        side()
    taken: list[list[float]] = [[] for _ in sides]
    for number in range(rounds):
        order = list(range(len(sides)))
        for index in order if number % 2 == 0 else reversed(order):
            taken[index].append(sides[index]())
    return taken


def compared(
    case: str, unit: str, sides: Sequence[Sequence[float]], aim: Aim | None, **details: Any
) -> Measurement:
    """The medians of two sides, ours first."""
    ours, other = (statistics.median(side) for side in sides)
    rounds = {"ours_by_round": list(sides[0]), "other_by_round": list(sides[1])}
    return Measurement(case, unit, ours, other, aim, {**rounds, **details})


def cost_of(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command.

    Args:
        command: The command.
        environment: Variables besides those of this process; none by default.

    Raises:
        RuntimeError: If it fails.
    """
    with tempfile.NamedTemporaryFile("r") as costs:
        ran = subprocess.run(
            [sys.executable, "-I", "-S", str(COST), costs.name, *command],
            env={**os.environ, **COMPILED, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {ran.returncode}: {ran.stderr[-500:]}")
        seconds, cpu_seconds, peak_kib = map(float, costs.read().split())
    return Cost(seconds, cpu_seconds, peak_kib / 1024, ran.stdout)


def written(value: float) -> str:
    """A number as the table shows it."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
