"""The hook from a fresh interpreter to its first answer, against the same decision with `boto3.resource`."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from device_provisioning import lambdas

from .measurement import Aim, Measurement, compared, cost_of, in_turn
from .programs.allow_list_table import allow_list_table
from .programs.hook_request import SERIAL_NUMBER, a_request

ROUNDS = 15
AIM = Aim(0.5)
TABLE = "devices"
# As in Lambda, where the folder of the function is where Python looks for modules.
CODE = Path(lambdas.__file__).parent
OURS, OTHER = "pre_provisioning_hook.handler", "benchmarks.programs.decision_with_boto3"


def measure() -> Iterator[Measurement]:
    """One row."""
    with allow_list_table(TABLE) as client:
        client.put_item(TableName=TABLE, Item={"serial_number": {"S": SERIAL_NUMBER}})
        sides = in_turn(ROUNDS, _milliseconds(OURS), _milliseconds(OTHER))
    yield compared("the process from start to end", "ms", sides, AIM)


def _milliseconds(module: str) -> Callable[[], float]:
    program = (
        f"from {module} import handler\nanswer = handler({a_request()!r})\n"
        "assert answer['allowProvisioning'], answer"
    )
    path = os.pathsep.join([str(CODE), str(Path.cwd())])
    environment = {"PYTHONPATH": path}
    return lambda: 1000 * cost_of([sys.executable, "-c", program], environment).seconds
