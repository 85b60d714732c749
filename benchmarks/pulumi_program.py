"""A Pulumi program of `FleetProvisioning`, against the same resources with pulumi-aws alone."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from .measurement import Aim, Measurement, compared, cost_of, in_turn

SIZES = (1, 10, 100)
# The more fleets, the less it matters what comes first and what happens besides.
ROUNDS = {1: 7, 10: 5, 100: 2}
AIM = Aim(1.1)
OURS, BY_HAND = "FleetProvisioning", "by-hand"
# What is a dynamic resource of ours, and what stands in its place in the other program.
COUNTERPARTS = {
    "ClaimCertificate": "Certificate",
    "GeneratedName": "SecretVersion",
}


def measure() -> Iterator[Measurement]:
    """A row for each number of fleets."""
    for size in SIZES:
        resources: dict[str, dict[str, int]] = {}
        sides = in_turn(
            ROUNDS.get(size, 1),
            _seconds(OURS, size, resources),
            _seconds(BY_HAND, size, resources),
            warm_up=size == SIZES[0],
        )
        _require_same(resources)
        case = f"{size} fleets, Pulumi's mocks as the engine" if size > 1 else "1 fleet"
        yield compared(case, "s", sides, AIM, **resources)


def _seconds(kind: str, size: int, resources: dict[str, dict[str, int]]) -> Callable[[], float]:
    program = [sys.executable, "-W", "ignore", "-m", "benchmarks.programs.pulumi_fleets", kind, str(size)]

    def timed() -> float:
        answer = json.loads(cost_of(program).output)
        resources[kind] = answer["resources"]
        return float(answer["seconds"])

    return timed


def _require_same(resources: dict[str, dict[str, int]]) -> None:
    expected: Counter[str] = Counter()
    for kind, count in resources[OURS].items():
        expected[COUNTERPARTS.get(kind, kind)] += count
    if expected != resources[BY_HAND]:
        raise RuntimeError(f"the programs define other resources: {resources}")
