"""The hook when AWS fails it, on the wire between its own clients and the emulator.

Whatever happens there, AWS IoT gets its answer within the five seconds that it waits, the device is denied,
the log line says why and tells no secret, and nothing is used up: a later attempt gets through.
"""

import json
import os
import signal
import subprocess
import sys

import pytest

from device_provisioning.lambdas.certificate_rotation import hook as rotation_hook
from device_provisioning.lambdas.pre_provisioning_hook import handler as hook_handler
from device_provisioning.lambdas.pre_provisioning_hook.handler import handler
from tests.support.emulated_registration import emulated_registration
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.hooks import a_certificate_id, a_request, devices_in

AWS_IOT_WAITS_SECONDS, READ_TIMEOUT_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 1.0, 0.4
BUSY = {400, 429}
WRITE, ASK = "TransactWriteItems", "GET /certificates"
CUT, CUT_AFTER = Fault(), Fault(carried_out=True)
HANGS, HANGS_AFTER = Fault(hangs=True), Fault(hangs=True, carried_out=True)
IN_PROGRESS = (False, "another registration of this serial number is in progress")
NOT_CARRIED_OUT = [
    *(
        (Fault(400, code), f"failed: {code}")
        for code in (
            "AccessDeniedException",
            "ExpiredTokenException",
        )
    ),
    (Fault(500, "InternalServerError"), "failed: InternalServerError"),
    (Fault(503, "ServiceUnavailable"), "failed: ServiceUnavailable"),
    (HANGS, "no answer from AWS: ReadTimeoutError"),
    (CUT, "no answer from AWS: ConnectionClosedError"),
]


class Lambda:
    """The context of an invocation, of whose time faults take the most that they can.

    What else a machine does while it runs tests is none of it: a decision may not depend on that.
    """

    def __init__(self, wire):
        self._wire, self._met_before = wire, len(wire.met)

    def get_remaining_time_in_millis(self):
        taken = sum(_seconds(fault) for fault in self._wire.met[self._met_before :])
        return int((AWS_IOT_WAITS_SECONDS - taken) * 1000)


def _seconds(fault):
    """How long a hook waits for an answer that does not come, or before it asks AWS again that is busy."""
    if fault.hangs:
        return READ_TIMEOUT_SECONDS
    return LONGEST_PAUSE_SECONDS if fault.status in BUSY else fault.seconds


@pytest.fixture(scope="module")
def deployed(emulator):
    """The wire, and the table of a hook that reaches AWS over it only."""
    with (
        faulty_wire(emulator) as wire,
        devices_in(emulator.client("dynamodb")) as devices,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in {**emulator.environment(), "AWS_ENDPOINT_URL": wire.url}.items():
            environment.setenv(name, value)
        environment.setenv("ALLOW_LIST_TABLE_NAME", devices.table_name)
        hook_handler._client.cache_clear()
        rotation_hook.client.cache_clear()
        # To make a client takes a function that is new some of its first seconds, not of each test's.
        hook_handler._client("dynamodb"), hook_handler._client("iot")
        yield wire, devices
        hook_handler._client.cache_clear()
        rotation_hook.client.cache_clear()


@pytest.fixture
def wire(deployed):
    deployed[0].mend()
    return deployed[0]


@pytest.fixture
def devices(deployed):
    return deployed[1]


@pytest.fixture
def attempt(wire, devices, capsys):
    """One invocation: whether the device may register, why, and that the answer came in time."""

    def attempt(event):
        invocation = Lambda(wire)
        answer = handler(event, invocation)
        assert invocation.get_remaining_time_in_millis() > 0
        output = capsys.readouterr()
        assert not output.err
        assert "CERTIFICATE" not in output.out
        line = json.loads(output.out)
        assert line["decision"] == ("allowed" if answer["allowProvisioning"] else "denied")
        assert line["certificate_id"] == event["certificateId"]
        return answer["allowProvisioning"], line["reason"]

    return attempt


def held_by_another(devices, serial_number):
    """A record whose earlier registration came to nothing, long ago."""
    devices.put(serial_number, certificate_id={"S": a_certificate_id()}, reserved_at={"N": "1"})


@pytest.mark.parametrize(("fault", "reason"), NOT_CARRIED_OUT)
def test_a_table_that_fails_denies_and_nothing_is_used_up(devices, wire, attempt, fault, reason):
    devices.put("A-1")
    before = devices.record("A-1")
    wire.breaks(WRITE, fault, times=2)
    allowed, reported = attempt(a_request("A-1"))
    assert (allowed, reported.removeprefix("TransactWriteItems ")) == (False, reason)
    assert devices.record("A-1") == before
    wire.mend()
    assert attempt(a_request("A-1")) == (True, "listed")


@pytest.mark.parametrize(("fault", "reason"), NOT_CARRIED_OUT)
@pytest.mark.parametrize("stage", ["asked", "moved"])
def test_aws_failing_while_a_reservation_moves_denies_and_nothing_is_used_up(
    devices, wire, attempt, fault, reason, stage
):
    held_by_another(devices, "A-1")
    before = devices.record("A-1")
    if stage == "asked":
        wire.breaks(ASK, fault, times=2)
    else:
        wire.breaks(WRITE, None)
        wire.breaks(WRITE, fault, times=2)
    allowed, reported = attempt(a_request("A-1"))
    operation = "DescribeCertificate " if stage == "asked" else "TransactWriteItems "
    assert (allowed, reported.removeprefix(operation)) == (False, reason)
    assert devices.record("A-1") == before
    wire.mend()
    assert attempt(a_request("A-1")) == (True, "listed")


@pytest.mark.parametrize("busy", ["ThrottlingException", "TransactionConflictException"])
@pytest.mark.parametrize("operation", [WRITE, ASK])
def test_aws_that_stays_busy_denies_in_time_and_nothing_is_used_up(devices, wire, attempt, busy, operation):
    held_by_another(devices, "A-1")
    before = devices.record("A-1")
    wire.breaks(operation, Fault(400, busy), times=100)
    assert attempt(a_request("A-1")) == (False, f"AWS is busy: {busy}")
    assert devices.record("A-1") == before
    wire.mend()
    wire.breaks(operation, Fault(400, busy), times=3)
    assert attempt(a_request("A-1")) == (True, "listed")


@pytest.mark.parametrize("fault", [CUT, CUT_AFTER, HANGS_AFTER, Fault(500, "InternalServerError")])
@pytest.mark.parametrize("is_held", [False, True], ids=["reserved", "moved"])
def test_a_call_that_gets_lost_once_costs_nothing(devices, wire, attempt, fault, is_held):
    if is_held:
        held_by_another(devices, "A-1")
        wire.breaks(WRITE, None)
    else:
        devices.put("A-1")
    wire.breaks(WRITE, fault)
    event = a_request("A-1")
    assert attempt(event) == (True, "listed")
    assert devices.record("A-1")["certificate_id"] == {"S": event["certificateId"]}


@pytest.mark.parametrize("fault", [CUT_AFTER, HANGS_AFTER])
def test_a_reservation_whose_answers_all_get_lost_is_this_certificates_and_no_others(
    devices, wire, attempt, fault, emulator
):
    with emulated_registration(emulator) as claim:
        event = a_request("A-1", claim.obtain().certificate_id)
    devices.put("A-1")
    wire.breaks(WRITE, fault, times=2)
    assert attempt(event)[1].startswith("no answer from AWS: ")
    assert attempt(a_request("A-1")) == IN_PROGRESS
    assert attempt(event) == (True, "listed")


def test_answers_that_are_all_as_late_as_they_may_be_still_leave_time_to_deny(devices, wire, attempt):
    held_by_another(devices, "A-1")
    before = devices.record("A-1")
    late = Fault(500, "InternalServerError", seconds=0.9)
    late_but_right = Fault(200, carried_out=True, seconds=0.9)
    for operation in (WRITE, ASK, WRITE):
        wire.breaks(operation, late)
        wire.breaks(operation, late_but_right)
    assert attempt(a_request("A-1")) == (False, "no time left to decide")
    assert wire.requests == [WRITE, WRITE, ASK, ASK]
    assert devices.record("A-1") == before


def test_an_answer_in_no_form_that_aws_has_denies(devices, wire, attempt):
    devices.put("A-1")
    wire.breaks(WRITE, Fault(502, "<html>"))
    wire.breaks(WRITE, Fault(502, "<html>"))
    assert attempt(a_request("A-1"))[0] is False
    assert "certificate_id" not in devices.record("A-1")


INVOCATION = """
import json, sys
from device_provisioning.lambdas.pre_provisioning_hook.handler import handler
handler(json.loads(sys.argv[1]))
"""


def killed_while_it_waits(wire, event, fault):
    """Invoke the hook in a process of its own, and kill that while AWS has not answered."""
    wire.breaks(WRITE, fault)
    process = subprocess.Popen(
        [sys.executable, "-c", INVOCATION, json.dumps(event)], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    try:
        assert wire.held.wait(30)
    finally:
        process.kill()
        output, _ = process.communicate()
    assert (process.returncode, output) == (-signal.SIGKILL, b"")
    wire.mend()


def test_a_hook_that_is_killed_before_its_write_leaves_the_device_free_to_try_again(devices, wire, attempt):
    devices.put("A-1")
    before = devices.record("A-1")
    killed_while_it_waits(wire, a_request("A-1"), HANGS)
    assert devices.record("A-1") == before
    assert attempt(a_request("A-1")) == (True, "listed")


def test_a_hook_that_is_killed_after_its_write_lets_its_own_device_through_and_nobody_else_by_it(
    devices, wire, attempt, emulator, monkeypatch
):
    with emulated_registration(emulator) as claim:
        obtained = claim.obtain().certificate_id
    devices.put("A-1")
    event, other = a_request("A-1", obtained), a_request("A-1")
    killed_while_it_waits(wire, event, HANGS_AFTER)
    assert devices.record("A-1")["certificate_id"] == {"S": obtained}
    assert attempt(other) == IN_PROGRESS
    assert attempt(event) == (True, "listed")
    emulator.client("iot").update_certificate(certificateId=obtained, newStatus="ACTIVE")
    monkeypatch.setenv("RESERVATION_SECONDS", "0")
    assert attempt(other) == (False, "already provisioned")


def test_a_device_whose_hook_was_killed_gets_through_with_a_new_certificate_once_the_attempt_has_settled(
    devices, wire, attempt, monkeypatch
):
    devices.put("A-1")
    killed_while_it_waits(wire, a_request("A-1"), HANGS_AFTER)
    assert attempt(a_request("A-1"))[0] is False
    monkeypatch.setenv("RESERVATION_SECONDS", "0")
    assert attempt(a_request("A-1")) == (True, "listed")


@pytest.fixture
def rotation_attempt(wire, monkeypatch, capsys):
    """One invocation of the hook of devices that replace their certificates: what it answered and told."""
    monkeypatch.setenv("THING_NAME_PREFIX", "pump-")

    def attempt(event=None):
        invocation = Lambda(wire)
        answer = rotation_hook.handler(event or a_request("1", claimCertificateId="c" * 64), invocation)
        assert invocation.get_remaining_time_in_millis() > 0
        reported = json.loads(capsys.readouterr().out)
        assert answer == {"allowProvisioning": reported["allowed"], "parameterOverrides": {}}
        return reported["allowed"], reported["reason"]

    return attempt


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(403, "AccessDeniedException"), "ListThingPrincipals failed: AccessDeniedException"),
        (Fault(429, "ThrottlingException"), "AWS is busy: ThrottlingException"),
        (Fault(500, "InternalFailureException"), "ListThingPrincipals failed: InternalFailureException"),
        (HANGS, "no answer from AWS: ReadTimeoutError"),
        (CUT, "no answer from AWS: ConnectionClosedError"),
    ],
)
def test_aws_iot_failing_denies_the_replacement_of_a_certificate_in_time_and_says_why(
    wire, rotation_attempt, fault, reason
):
    wire.breaks("GET /things", fault, times=100)
    assert rotation_attempt() == (False, reason)


@pytest.fixture
def registered(emulator, devices, monkeypatch):
    """A device that has registered, whose record names its certificate."""
    iot = emulator.client("iot")
    made = iot.create_keys_and_certificate(setAsActive=True)
    serial_number = f"R-{made['certificateId'][:8]}"
    iot.create_thing(thingName=f"pump-{serial_number}")
    iot.attach_thing_principal(thingName=f"pump-{serial_number}", principal=made["certificateArn"])
    devices.put(serial_number, certificate_id={"S": made["certificateId"]})
    monkeypatch.setenv("ALLOW_LIST_TABLE_NAME", devices.table_name)
    return serial_number, made["certificateId"]


@pytest.mark.parametrize(
    ("operation", "fault", "times"),
    [
        ("GET /things", Fault(429, "ThrottlingException"), 3),
        (WRITE, Fault(400, "ThrottlingException"), 3),
        (WRITE, Fault(400, "TransactionInProgressException"), 3),
        (WRITE, CUT, 1),
        (WRITE, CUT_AFTER, 1),
        (WRITE, Fault(503, "ServiceUnavailable"), 1),
    ],
)
def test_a_device_replaces_its_certificate_although_aws_is_busy_or_an_answer_is_lost(
    wire, registered, rotation_attempt, operation, fault, times
):
    serial_number, presented = registered
    wire.breaks(operation, fault, times=times)
    event = a_request(serial_number, claimCertificateId=presented)
    assert rotation_attempt(event) == (True, "the presented certificate is the thing's")


def test_a_certificate_that_asks_to_replace_again_while_aws_iot_is_busy_gets_the_same_answer(
    wire, registered, rotation_attempt
):
    serial_number, presented = registered
    with emulated_registration(wire.emulator) as registration:
        new = registration.obtain().certificate_id
    event = a_request(serial_number, claimCertificateId=presented, certificateId=new)
    assert rotation_attempt(event)[0] is True
    wire.breaks(ASK, Fault(429, "ThrottlingException"), times=3)
    assert rotation_attempt(event)[0] is True
    wire.breaks(ASK, Fault(429, "ThrottlingException"), times=100)
    assert rotation_attempt(event) == (False, "AWS is busy: ThrottlingException")
