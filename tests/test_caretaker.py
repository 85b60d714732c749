"""The one function of a stack: what it does with an event before and after the module of its type."""

import json
import threading
import uuid

import pytest

from device_provisioning.lambdas.custom_resources import caretaker, cloudformation
from device_provisioning.lambdas.custom_resources.caretaker import ACTS_WITH, CARE, Care, TimeLimit
from device_provisioning.lambdas.custom_resources.cloudformation import Outcome
from tests.support.custom_resources import CloudFormation, answers_server
from workshop.emulator import ACCOUNT

OF_THE_ACCOUNT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
SOMEBODY_ELSE = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/somebody-else"}
DEVICES = json.dumps([{"serial_number": "A"}])


@pytest.fixture
def server():
    with answers_server() as server:
        yield server


def caring_as(monkeypatch, handle, **settings):
    monkeypatch.setitem(CARE, "Custom::Any", Care(handle, **settings))


def test_a_type_that_this_version_does_not_know_is_answered(server):
    answer = CloudFormation(caretaker.handler, server, "Custom::OfTheNextVersion").create({})
    assert answer["Status"] == "FAILED"
    assert "knows no Custom::OfTheNextVersion" in answer["Reason"]


def test_an_event_that_takes_too_long_ends_as_a_function_does_and_answers_nothing(server, monkeypatch):
    caring_as(monkeypatch, lambda *_: threading.Event().wait(60), most_seconds=0.01)
    with pytest.raises(TimeLimit):
        CloudFormation(caretaker.handler, server).create({})
    assert server.answers == []


def test_a_module_knows_how_long_its_type_may_take(server, monkeypatch):
    left = []

    def handle(_event, seconds_left):
        left.append(seconds_left())
        return Outcome("made")

    caring_as(monkeypatch, handle, most_seconds=60)
    CloudFormation(caretaker.handler, server).create({})
    assert 0 < left[0] <= 60 - cloudformation.SECONDS_TO_ANSWER


class Rights:
    """A table and a role of an emulator that enforces IAM; the role is made without any right."""

    def __init__(self, emulator):
        self._iam, self._dynamodb = emulator.client("iam"), emulator.client("dynamodb")
        self.name = f"caretaker-{uuid.uuid4().hex[:8]}"
        self.table_arn = self._dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]["TableArn"]
        self.role_arn = self._iam.create_role(
            RoleName=self.name, AssumeRolePolicyDocument=self._document(SOMEBODY_ELSE)
        )["Role"]["Arn"]
        self.properties = {"TableName": self.name, "Devices": DEVICES, ACTS_WITH: self.role_arn}

    def trust(self, principal=OF_THE_ACCOUNT):
        self._iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=self._document(principal))

    def allow(self):
        actions = ["dynamodb:UpdateItem", "dynamodb:DeleteItem"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": self.table_arn}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._iam.put_role_policy(RoleName=self.name, PolicyName="Records", PolicyDocument=document)

    def listed(self):
        return self._dynamodb.scan(TableName=self.name)["Count"]

    @staticmethod
    def _document(principal):
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def rights(enforcing_emulator, monkeypatch):
    for name, value in enforcing_emulator.environment().items():
        monkeypatch.setenv(name, value)
    return Rights(enforcing_emulator)


@pytest.fixture
def cloudformation_of_devices(server):
    return CloudFormation(caretaker.handler, server, "Custom::ListedDevices")


def slow(monkeypatch, *steps):
    """Let each pause of the function be the time in which one more step is known everywhere."""
    waiting = list(steps)
    monkeypatch.setattr(cloudformation.time, "sleep", lambda _: waiting.pop(0)() if waiting else None)
    return waiting


def test_the_caretaker_acts_with_the_role_of_the_resource(rights, cloudformation_of_devices):
    rights.trust()
    rights.allow()
    assert cloudformation_of_devices.create(rights.properties)["Status"] == "SUCCESS"
    assert rights.listed() == 1


def test_a_role_and_its_rights_that_are_known_late_are_waited_for(
    rights, cloudformation_of_devices, monkeypatch
):
    waiting = slow(monkeypatch, rights.trust, lambda: None, rights.allow)
    assert cloudformation_of_devices.create(rights.properties)["Status"] == "SUCCESS"
    assert waiting == []
    assert rights.listed() == 1


def test_what_is_rolled_back_at_once_waits_for_its_rights_as_well(
    rights, cloudformation_of_devices, monkeypatch
):
    slow(monkeypatch, rights.trust, rights.allow)
    deleted = cloudformation_of_devices.delete(rights.properties, "made")
    assert deleted["Status"] == "SUCCESS"


def test_what_the_role_may_not_do_the_caretaker_does_not(rights, cloudformation_of_devices, monkeypatch):
    rights.trust()
    slow(monkeypatch)
    answer = cloudformation_of_devices.create(rights.properties)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "UpdateItem failed: AccessDeniedException")
    assert rights.listed() == 0


def test_a_role_of_others_can_not_be_acted_with(rights, cloudformation_of_devices, monkeypatch):
    rights.allow()
    slow(monkeypatch)
    answer = cloudformation_of_devices.create(rights.properties)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "AssumeRole failed: AccessDenied")
