"""Devices that try to register, step by step."""

import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from awsiot import iotidentity

from ..device import (
    Credentials,
    Rejected,
    connected,
    create_keys_and_certificate,
    register_thing,
    send_to_itself,
)
from .fleet import Fleet
from .progress import Progress, StepFailed


@dataclass(frozen=True)
class Attempt:
    """What became of a device.

    Args:
        device: What it is, in words.
        outcome: ``registered``, or ``refused`` and why.
        thing_name: Its thing, if it has one.
        certificate_status: The status of the certificate that it obtained.
        seconds: How long it took.
    """

    device: str
    outcome: str
    thing_name: str | None
    certificate_status: str
    seconds: float


Judge = Callable[[Callable[[], Any]], tuple[Any, str]]


@dataclass(frozen=True)
class _Obtained:
    certificate_id: str
    credentials: Credentials
    answer: Any


def registers(progress: Progress, fleet: Fleet, device: str, serial_number: str) -> Attempt:
    """A device that is let through, uses its own certificate, and gets its message back.

    Raises:
        StepFailed: If AWS IoT rejects it or the certificate is not active.
    """
    started = time.perf_counter()
    obtained = _register(progress, fleet, serial_number, _accepted)
    thing_name = obtained.answer.thing_name
    with progress.step("reconnect with its own certificate, publish, and receive on") as step:
        topic = f"dt/{thing_name}/hello"
        send_to_itself(fleet.broker, obtained.credentials, thing_name, topic)
        step.result = topic
    seconds = time.perf_counter() - started
    status = fleet.certificate_status(obtained.certificate_id)
    if status != "ACTIVE":
        raise StepFailed(f"the certificate of {thing_name} is {status}, not ACTIVE")
    return Attempt(device, "registered", thing_name, status, seconds)


def is_refused(progress: Progress, fleet: Fleet, device: str, serial_number: str, reason: str) -> Attempt:
    """A device that is refused, for the reason that the hook's log has to give.

    Raises:
        StepFailed: If it is let through, or refused for another reason.
    """
    started = time.perf_counter()
    obtained = _register(progress, fleet, serial_number, _rejected)
    seconds = time.perf_counter() - started
    with progress.step("read the hook's log:") as step:
        decision = fleet.decision(obtained.certificate_id)
        step.result = f"{decision['decision']}, {decision['reason']}"
        if (decision["decision"], decision["reason"]) != ("denied", reason):
            raise StepFailed(f"the hook's log says: {step.result}; expected: denied, {reason}")
    status = fleet.certificate_status(obtained.certificate_id)
    if status == "ACTIVE":
        raise StepFailed(f"the certificate of the refused {device} is ACTIVE")
    return Attempt(device, f"refused: {reason}", None, status, seconds)


def _register(
    progress: Progress,
    fleet: Fleet,
    serial_number: str,
    judge: Callable[[Callable[[], Any]], tuple[Any, str]],
) -> _Obtained:
    client_id = f"claim-{uuid.uuid4().hex[:12]}"
    with ExitStack() as connections:
        with progress.step(f"connect with the claim certificate as {client_id}"):
            connection = connections.enter_context(connected(fleet.broker, fleet.claim, client_id))
        identity = iotidentity.IotIdentityClient(connection)
        with progress.step("obtain a key and a certificate:") as step:
            certificate, credentials = create_keys_and_certificate(identity)
            step.result = f"{certificate.certificate_id[:12]}…"
        token = certificate.certificate_ownership_token
        with progress.step(f"register with SerialNumber={serial_number}:") as step:
            parameters = {"SerialNumber": serial_number}
            answer, step.result = judge(
                lambda: register_thing(identity, fleet.template_name, token, parameters)
            )
        with progress.step("disconnect"):
            connections.close()
    return _Obtained(certificate.certificate_id, credentials, answer)


def _accepted(register: Callable[[], Any]) -> tuple[Any, str]:
    try:
        answer = register()
    except Rejected as rejection:
        raise StepFailed(f"AWS IoT rejected the device that is on the list: {rejection}") from None
    return answer, f"thing {answer.thing_name}"


def _rejected(register: Callable[[], Any]) -> tuple[Any, str]:
    try:
        answer = register()
    except Rejected as rejection:
        return None, f"refused, {rejection}"
    raise StepFailed(f"the device was let through as {answer.thing_name}, but should have been refused")
