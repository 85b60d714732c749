"""The hook from a fresh interpreter to its first answer, against the same decision with `boto3.resource`."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import device_provisioning

from .measurement import Aim, Measurement, compared, cost_of, in_turn
from .programs.allow_list_table import allow_list_table, list_devices
from .programs.hook_request import a_request

ROUNDS = 15
AIM, AIM_OF_FIRST = Aim(0.5), Aim(15)
WARM = 10
TABLE = "devices"
# As in Lambda, where the folder of the function is where Python looks for modules.
CODE = Path(device_provisioning.__file__).parents[1]
OURS = "device_provisioning.lambdas.pre_provisioning_hook.handler"
OTHER = "benchmarks.programs.decision_with_boto3"
FIRST = """
import importlib, json, statistics, sys, time
handler = importlib.import_module(sys.argv[1]).handler
times = []
for request in json.loads(sys.argv[2]):
    started = time.process_time()
    assert handler(request)["allowProvisioning"]
    times.append(1000 * (time.process_time() - started))
print(times[0] - statistics.median(times[1:]))
"""


def measure() -> Iterator[Measurement]:
    """Two rows."""
    devices = count()
    with allow_list_table(TABLE) as client:
        # Each side has one more to begin with, which is not measured.
        list_devices(client, TABLE, range(2 * (ROUNDS + 1) + ROUNDS * (WARM + 1)))
        sides = in_turn(ROUNDS, _milliseconds(OURS, devices), _milliseconds(OTHER, devices))
        first = statistics.median(_first_decision(devices) for _ in range(ROUNDS))
    yield compared("the process from start to end", "ms", sides, AIM)
    case = "processor time of the first decision after the import, beyond that of a warm one"
    yield Measurement(case, "ms", first, aim=AIM_OF_FIRST)


def _milliseconds(module: str, devices: Iterator[int]) -> Callable[[], float]:
    def cost() -> float:
        program = (
            f"from {module} import handler\nanswer = handler({a_request(next(devices))!r})\n"
            "assert answer['allowProvisioning'], answer"
        )
        return 1000 * cost_of([sys.executable, "-c", program], _environment()).seconds

    return cost


def _first_decision(devices: Iterator[int]) -> float:
    requests = [a_request(next(devices)) for _ in range(WARM + 1)]
    ran = subprocess.run(
        [sys.executable, "-c", FIRST, OURS, json.dumps(requests)],
        env={**os.environ, **_environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(ran.stdout.splitlines()[-1])


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(CODE), str(Path.cwd())])}
