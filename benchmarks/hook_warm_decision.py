"""A decision of a hook that is warm, against the calls of AWS that it makes."""

import contextlib
import io
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from device_provisioning.fleet.attestation import attestation_variable
from device_provisioning.lambdas.pre_provisioning_hook import handler as hook
from device_provisioning.records.batch import IS_OPEN, batch_key
from device_provisioning.records.record import BATCH_NAME

from .measurement import Aim, Measurement, compared, in_turn
from .programs.allow_list_table import allow_list_table, list_devices
from .programs.attested_request import BATCH, an_attested_request, device_keys
from .programs.hook_request import a_request, certificate_id, serial_number

ROUNDS = 300
AIM = Aim(1.2)
TABLE = "devices"
SERVICES = ("dynamodb", "kms")

Call = tuple[Any, str, dict[str, Any]]
"""A client, an operation and its arguments."""


def measure() -> Iterator[Measurement]:
    """A row without a proof, and one with the proof of a derived key."""
    with allow_list_table(TABLE) as emulated:
        # Each side has one more to begin with, which is not measured, and the calls are those of the first.
        devices, attested = range(2 * ROUNDS + 3), range(2 * ROUNDS + 3, 2 * (2 * ROUNDS + 3))
        list_devices(emulated, TABLE, devices)
        yield _row("the median of 300", iter(devices), a_request)
        emulated.put_item(TableName=TABLE, Item={**batch_key(BATCH), IS_OPEN: {"BOOL": True}})
        key = hook._client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        arn = key["KeyMetadata"]["Arn"]
        os.environ["ATTESTATION"] = attestation_variable({BATCH: arn}, {})
        list_devices(emulated, TABLE, attested, **{BATCH_NAME: {"S": BATCH}})
        keys = device_keys(hook._client("kms"), arn, attested)
        yield _row("the same with a proof", iter(attested), lambda number: an_attested_request(number, keys))


def _row(case: str, devices: Iterator[int], requested: Callable[[int], dict[str, Any]]) -> Measurement:
    first = next(devices)
    calls = _calls_of_a_decision(requested(first))

    def decide() -> float:
        request = requested(next(devices))
        return _milliseconds(lambda: _decide(request))

    def send() -> float:
        another = next(devices)
        same = [_of_another(call, first, another) for call in calls]
        return _milliseconds(lambda: [getattr(client, name)(**given) for client, name, given in same])

    return compared(case, "ms", in_turn(ROUNDS, decide, send), AIM)


def _milliseconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - started)


def _decide(request: dict[str, Any]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        answer = hook.handler(request)
    if not answer["allowProvisioning"]:
        raise RuntimeError("the hook denied a device that is listed")


def _calls_of_a_decision(request: dict[str, Any]) -> list[Call]:
    """What the hook asks its clients for, so that both sides send the same."""
    calls: list[Call] = []
    clients = [hook._client(service) for service in SERVICES]
    for client in clients:
        note = partial(_note, calls, client)
        client.meta.events.register("provide-client-params", note, "note")
    try:
        _decide(request)
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params", unique_id="note")
    return calls


def _note(calls: list[Call], client: Any, params: Mapping[str, Any], model: Any, **_: Any) -> None:
    names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
    calls.append((client, names[model.name], dict(params)))


def _of_another(call: Call, number: int, another: int) -> Call:
    client, name, given = call
    texts = {
        certificate_id(number): certificate_id(another),
        serial_number(number): serial_number(another),
    }
    same = _replaced(given, texts)
    # DynamoDB carries out a transaction once for each token.
    token = {"ClientRequestToken": uuid.uuid4().hex} if "ClientRequestToken" in given else {}
    return client, name, {**same, **token}


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(inner, texts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, texts) for inner in value]
    if isinstance(value, bytes):
        return _replaced(value.decode(), texts).encode()
    if isinstance(value, str):
        for text, another in texts.items():
            value = value.replace(text, another)
    return value
