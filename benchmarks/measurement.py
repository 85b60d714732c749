"""What benchmarks report, and a command whose time and memory are measured."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One row of a benchmark's table.

    Args:
        case: What was measured.
        values: The numbers by their column, whose name carries the unit.
    """

    case: str
    values: dict[str, float]


@dataclass(frozen=True)
class Cost:
    """What a process took.

    Args:
        seconds: From start to end.
        cpu_seconds: Of one core.
        peak_mib: The most memory that it had.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command.

    Raises:
        RuntimeError: If it fails.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors.decode()[-500:]}")
    seconds = time.perf_counter() - started
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
