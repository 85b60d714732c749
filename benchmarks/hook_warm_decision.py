"""A decision of a hook that is warm, against the one DynamoDB call that it makes."""

import contextlib
import io
import time
import uuid
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from device_provisioning.lambdas.pre_provisioning_hook import handler as hook

from .measurement import Aim, Measurement, compared, in_turn
from .programs.allow_list_table import allow_list_table, list_devices
from .programs.hook_request import a_request, certificate_id, serial_number

ROUNDS = 300
AIM = Aim(1.2)
TABLE = "devices"


def measure() -> Iterator[Measurement]:
    """One row."""
    devices = count()
    with allow_list_table(TABLE) as emulated:
        # Each side has one more to begin with, which is not measured, and the call is that of the first.
        list_devices(emulated, TABLE, range(2 * ROUNDS + 3))
        client = hook._client("dynamodb")
        first = next(devices)
        call = _call_of_a_decision(client, first)

        def decide() -> float:
            request = a_request(next(devices))
            return _milliseconds(lambda: _decide(request))

        def send() -> float:
            same = _of_another(call, first, next(devices))
            return _milliseconds(lambda: client.transact_write_items(**same))

        sides = in_turn(ROUNDS, decide, send)
    yield compared("the median of 300", "ms", sides, AIM)


def _milliseconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - started)


def _decide(request: dict[str, Any]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        answer = hook.handler(request)
    if not answer["allowProvisioning"]:
        raise RuntimeError("the hook denied a device that is listed")


def _call_of_a_decision(client: Any, number: int) -> dict[str, Any]:
    """What the hook asks its client for, so that both sides send the same."""
    calls: list[dict[str, Any]] = []
    event = "provide-client-params.dynamodb.TransactWriteItems"
    client.meta.events.register(event, lambda params, **_: calls.append(params), event)
    try:
        _decide(a_request(number))
    finally:
        client.meta.events.unregister(event, unique_id=event)
    (call,) = calls
    return call


def _of_another(call: dict[str, Any], number: int, another: int) -> dict[str, Any]:
    texts = {
        certificate_id(number): certificate_id(another),
        serial_number(number): serial_number(another),
    }
    # DynamoDB carries out a transaction once for each token.
    return {**_replaced(call, texts), "ClientRequestToken": uuid.uuid4().hex}


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(inner, texts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, texts) for inner in value]
    if isinstance(value, str):
        for text, another in texts.items():
            value = value.replace(text, another)
    return value
