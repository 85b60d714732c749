"""CloudFormation's protocol: one answer to every event, whatever happens."""

import json

import pytest
from botocore.exceptions import ClientError

from device_provisioning.lambdas.custom_resources import cloudformation
from device_provisioning.lambdas.custom_resources.cloudformation import Failed, NotAllowed, Outcome, respond
from tests.support.custom_resources import CloudFormation, Context, answers_server

SECRET = "-----BEGIN RSA PRIVATE KEY-----"


@pytest.fixture
def server():
    with answers_server() as server:
        yield server


def answered_by(handle, server):
    return CloudFormation(lambda event, context: respond(event, context, handle), server)


def test_what_an_event_came_to_is_answered(server):
    cloudformation = answered_by(lambda *_: Outcome("resource-1", {"Arn": "arn"}), server)
    answer = cloudformation.create({})
    assert (answer["Status"], answer["PhysicalResourceId"], answer["Data"]) == (
        "SUCCESS",
        "resource-1",
        {"Arn": "arn"},
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Failed("the secret is taken: give it another"), "the secret is taken: give it another"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": SECRET}}, "PutSecretValue"),
            "PutSecretValue failed: AccessDenied",
        ),
        (RuntimeError(SECRET), "the function failed: RuntimeError"),
        (KeyError(SECRET), "the function failed: KeyError"),
        (Failed("x" * 5000), "x" * 1000),
    ],
)
def test_a_failure_is_answered_with_a_reason_that_repeats_no_secret(server, capsys, slept, error, reason):
    def fail(*_):
        raise error

    answer = answered_by(fail, server).create({})
    assert (answer["Status"], answer["Reason"]) == ("FAILED", reason)
    assert "Data" not in answer
    output = capsys.readouterr()
    assert SECRET not in json.dumps(answer) + output.out + output.err


DENIED = ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutSecretValue")


def denied_at_first(times, slept, error=DENIED):
    """What a role that was just made lets through only after some seconds."""

    def handle(*_):
        if len(slept) < times:
            raise error
        return Outcome("made")

    return handle


@pytest.fixture
def slept(monkeypatch):
    pauses = []
    monkeypatch.setattr(cloudformation.time, "sleep", pauses.append)
    return pauses


@pytest.mark.parametrize("error", [DENIED, NotAllowed("not yet")], ids=["boto", "own"])
def test_a_create_waits_until_its_new_role_is_known(server, slept, error):
    cloudformation = answered_by(denied_at_first(3, slept, error), server)
    assert cloudformation.create({})["Status"] == "SUCCESS"
    assert cloudformation.update({}, {}, "made")["Status"] == "SUCCESS"
    assert sum(slept) < 30


def test_a_role_that_lacks_a_right_for_good_is_reported_soon(server, slept):
    answer = answered_by(denied_at_first(99, slept), server).create({})
    assert (answer["Status"], answer["Reason"]) == (
        "FAILED",
        "PutSecretValue failed: AccessDeniedException",
    )
    assert 10 <= sum(slept) < 30


def test_a_delete_waits_too_as_a_roll_back_takes_what_was_made_seconds_ago(server, slept):
    assert answered_by(denied_at_first(3, slept), server).delete({}, "made")["Status"] == "SUCCESS"
    assert sum(slept) < 30


def test_a_failed_create_gets_an_id_that_its_delete_can_name(server):
    def fail(*_):
        raise Failed("no")

    cloudformation = answered_by(fail, server)
    assert cloudformation.create({}, request_id="r-1")["PhysicalResourceId"] == "failed-r-1"
    kept = cloudformation.update({}, {}, "resource-1")
    assert kept["PhysicalResourceId"] == "resource-1"


def test_an_event_is_one_line_in_the_log_without_its_properties(server, capsys):
    answered_by(lambda *_: Outcome("resource-1", {"Arn": "arn"}), server).create({"Password": SECRET})
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "request": "Create",
        "resource": "Resource",
        "status": "SUCCESS",
        "reason": None,
    }


def test_an_answer_that_does_not_arrive_is_sent_again(server, monkeypatch):
    monkeypatch.setattr(cloudformation.time, "sleep", lambda _: None)
    server.failures_first = 2
    assert answered_by(lambda *_: Outcome("resource-1"), server).create({})["Status"] == "SUCCESS"
    assert server.attempts == 3


def test_cloudformation_that_cannot_be_reached_makes_lambda_deliver_the_event_again(server, monkeypatch):
    monkeypatch.setattr(cloudformation.time, "sleep", lambda _: None)
    server.failures_first = 100
    with pytest.raises(OSError, match="503"):
        answered_by(lambda *_: Outcome("resource-1"), server).create({})
    assert server.attempts == cloudformation.ATTEMPTS


def test_a_handler_knows_how_long_it_may_work_and_still_answer(server):
    left = []

    def handle(_event, seconds_left):
        left.append(seconds_left())
        return Outcome("resource-1")

    answered_by(handle, server).create({}, context=Context(100))
    assert left == [85]


def test_a_handler_may_have_less_time_than_the_function(server):
    left = []

    def handle(_event, seconds_left):
        left.append(seconds_left())
        return Outcome("resource-1")

    limited = CloudFormation(lambda event, context: respond(event, context, handle, 120), server)
    limited.create({}, context=Context(900))
    assert 0 < left[0] <= 105
