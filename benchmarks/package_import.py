"""Importing, in a fresh interpreter, against importing pydantic alone."""

import sys
from collections.abc import Callable, Iterator

from .measurement import Aim, Measurement, compared, cost_of, in_turn

ROUNDS = 15
AIM = Aim(1.5)
MODEL = "from pydantic import BaseModel; M = type('M', (BaseModel,), {})"


def measure() -> Iterator[Measurement]:
    """A row for the package, which loads nothing else by itself, and one for the core with all its models."""
    ours, other = "import device_provisioning", "import pydantic"
    sides = in_turn(ROUNDS, _milliseconds(ours), _milliseconds(other))
    yield compared(f"`{ours}` against `{other}`", "ms", sides, AIM)
    ours = "import device_provisioning.aws_iot"
    sides = in_turn(ROUNDS, _milliseconds(ours), _milliseconds(MODEL))
    yield compared(f"`{ours}` against pydantic and one empty model", "ms", sides, None)


def _milliseconds(statement: str) -> Callable[[], float]:
    program = f"import time; t = time.perf_counter(); {statement}; print(1000 * (time.perf_counter() - t))"
    return lambda: float(cost_of([sys.executable, "-c", program]).output)
