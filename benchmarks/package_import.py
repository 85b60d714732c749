"""Importing, in a fresh interpreter, against importing pydantic alone."""

import sys
from collections.abc import Callable, Iterator

from .measurement import Aim, Measurement, compared, cost_of, in_turn

ROUNDS = 15
AIM = Aim(1.5)
# `import pydantic` alone puts off nearly everything until a name is asked for, as that of every model is.
PAIRS = (
    ("import device_provisioning", "import pydantic"),
    ("import device_provisioning.aws_iot", "from pydantic import BaseModel"),
)


def measure() -> Iterator[Measurement]:
    """A row for the package and one for the core with all its models."""
    for ours, other in PAIRS:
        sides = in_turn(ROUNDS, _milliseconds(ours), _milliseconds(other))
        yield compared(f"`{ours}` against `{other}`", "ms", sides, AIM)


def _milliseconds(statement: str) -> Callable[[], float]:
    program = f"import time; t = time.perf_counter(); {statement}; print(1000 * (time.perf_counter() - t))"
    return lambda: float(cost_of([sys.executable, "-c", program]).output)
