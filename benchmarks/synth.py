"""Synthesis of `FleetProvisioning`, against the same resources by hand with L2s, and as bare L1s."""

import json
import sys
from collections.abc import Callable, Iterator

from .measurement import Aim, Measurement, compared, cost_of, in_turn

SIZES = (1, 10, 100)
# The more fleets, the less it matters what comes first and what happens besides.
ROUNDS = {1: 7, 10: 5, 100: 2}
AIM, FLOOR, LINEAR = Aim(0.8), Aim(1.8), Aim(1.2)
OURS, BY_HAND, OF_L1S = "FleetProvisioning", "FleetByHand", "FleetOfL1s"


def measure() -> Iterator[Measurement]:
    """Two rows for each number of fleets, and one for the growth."""
    medians: dict[int, float] = {}
    for size in SIZES:
        resources: dict[str, dict[str, int]] = {}
        sides = in_turn(
            ROUNDS.get(size, 1),
            _seconds(OURS, size, resources),
            _seconds(BY_HAND, size, resources),
            _seconds(OF_L1S, size, resources),
            warm_up=size == SIZES[0],
        )
        if not resources[OURS] == resources[BY_HAND] == resources[OF_L1S]:
            raise RuntimeError(f"the templates hold other resources: {resources}")
        ours, by_hand, of_l1s = sides
        case = f"{size} fleets" if size > 1 else "1 fleet"
        row = compared(f"{case}, L2s by hand", "s", (ours, by_hand), AIM, **resources)
        medians[size] = row.ours
        yield row
        yield compared(f"{case}, L1s", "s", (ours, of_l1s), FLOOR)
    few, some, many = SIZES
    further = 1000 * (medians[many] - medians[some]) / (many - some)
    before = 1000 * (medians[some] - medians[few]) / (some - few)
    case = f"each fleet from {some} to {many} against each from {few} to {some}"
    yield Measurement(case, "ms", further, before, LINEAR)


def _seconds(construct: str, size: int, resources: dict[str, dict[str, int]]) -> Callable[[], float]:
    program = [sys.executable, "-m", "benchmarks.programs.synth", construct, str(size)]

    def timed() -> float:
        answer = json.loads(cost_of(program).output)
        resources[construct] = answer["resources"]
        return float(answer["seconds"])

    return timed
