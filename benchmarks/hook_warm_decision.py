"""A decision of a hook that is warm, against the one DynamoDB call that it makes."""

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

from botocore.session import Session

from device_provisioning.lambdas.pre_provisioning_hook.handler import handler

from .measurement import Aim, Measurement, compared, in_turn
from .programs.allow_list_table import allow_list_table
from .programs.hook_request import SERIAL_NUMBER, a_request

ROUNDS = 300
AIM = Aim(1.2)
TABLE = "devices"


def measure() -> Iterator[Measurement]:
    """One row."""
    with allow_list_table(TABLE) as emulated:
        emulated.put_item(TableName=TABLE, Item={"serial_number": {"S": SERIAL_NUMBER}})
        client = Session().create_client("dynamodb")
        sides = in_turn(ROUNDS, _milliseconds(_decide), _milliseconds(lambda: _call(client)))
    yield compared("the median of 300", "ms", sides, AIM)


def _milliseconds(step: Callable[[], None]) -> Callable[[], float]:
    def timed() -> float:
        started = time.perf_counter()
        step()
        return 1000 * (time.perf_counter() - started)

    return timed


def _decide() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        answer = handler(a_request())
    if not answer["allowProvisioning"]:
        raise RuntimeError("the hook denied a device that is listed")


def _call(client: Any) -> None:
    """A conditional update of one record, which is what the hook needs at the least."""
    client.update_item(
        TableName=TABLE,
        Key={"serial_number": {"S": SERIAL_NUMBER}},
        UpdateExpression="SET certificate_id = :certificate, claimed_at = :now",
        ConditionExpression="attribute_exists(serial_number)"
        " AND (attribute_not_exists(certificate_id) OR certificate_id = :certificate)",
        ExpressionAttributeValues={
            ":certificate": {"S": "a" * 64},
            ":now": {"N": str(int(time.time()))},
        },
        ReturnValues="ALL_NEW",
    )
