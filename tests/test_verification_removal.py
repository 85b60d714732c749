"""``verify`` removes what it made although AWS IoT takes minutes to detach."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from device_provisioning.console.aws_refusals import refusal
from device_provisioning.verification import removal, waiting
from device_provisioning.verification.naming import Names
from device_provisioning.verification.removal import remove_devices
from device_provisioning.verification.stack import Stack
from tests.support.slow_detach import ARN, SlowDetach

MINUTES = 60
POLICY, TABLE = "AWS::IoT::Policy", "AWS::DynamoDB::Table"


class Devices(SlowDetach):
    """AWS IoT with a device, as ``AwsCalls`` has it."""

    def call(self, operation, **arguments):
        try:
            return getattr(self, operation)(**arguments)
        except ClientError as error:
            raise refusal("verify", "iot", operation, error.response, "eu-west-1") from None

    found = call

    def pages(self, operation, key, **arguments):
        return getattr(self, f"_{operation}")(**arguments)[key]

    def describe_certificate(self, certificateId):  # noqa: N803  # botocore's name
        certificate = {"certificateId": certificateId, "certificateArn": ARN + certificateId}
        return {"certificateDescription": {**certificate, "status": self.status[certificateId]}}


class Stacks:
    """CloudFormation with a stack that can be deleted after some attempts."""

    def __init__(self, *kept_by):
        self._kept_by, self.attempts, self._status = list(kept_by), 0, "CREATE_COMPLETE"
        self._events = []

    def call(self, operation, **_):
        if operation == "delete_stack":
            self.attempts += 1
            self._delete()
        return {"Stacks": [{"StackId": "id", "StackStatus": self._status}]}

    def _delete(self):
        self._note("id", "AWS::CloudFormation::Stack", "DELETE_IN_PROGRESS")
        self._status = "DELETE_COMPLETE"
        if self._kept_by:
            self._status = "DELETE_FAILED"
            self._note("Kept", self._kept_by.pop(0), self._status)
            self._note("id", "AWS::CloudFormation::Stack", self._status)

    def _note(self, physical_id, resource_type, status):
        names = {"PhysicalResourceId": physical_id, "LogicalResourceId": physical_id}
        reason = f"attempt {self.attempts}"
        what = {"ResourceType": resource_type, "ResourceStatus": status, "ResourceStatusReason": reason}
        self._events.insert(0, names | what)

    def each(self, *_, **__):
        yield from self._events


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    clock.monotonic = lambda: clock.now
    clock.sleep = lambda seconds: setattr(clock, "now", clock.now + seconds)
    for module in (removal, waiting):
        monkeypatch.setattr(module, "time", clock)
    return clock


def left_of(stacks):
    stack = Stack(SimpleNamespace(cloudformation=stacks), Names("dp-verify-0123456789"))
    return [left.why for left in stack.remove(is_answered=True)]


def test_devices_are_removed_although_detaching_takes_minutes(clock):
    devices = Devices(["first", "second"], seconds=4 * MINUTES)
    monotonic = clock.monotonic
    clock.sleep = lambda seconds: (setattr(clock, "now", clock.now + seconds), devices.sleep(seconds))
    fleet = SimpleNamespace(
        aws=SimpleNamespace(iot=devices),
        account=SimpleNamespace(certificate_arn=ARN.__add__),
        certificates={"first": "first", "second": "second"},
        things=(),
        policies=(),
    )
    assert list(remove_devices(fleet)) == []
    assert devices.status == {}
    assert monotonic() < 5 * MINUTES


def test_a_stack_whose_policy_is_still_attached_is_deleted_again(clock):
    stacks = Stacks(POLICY, POLICY)
    assert left_of(stacks) == []
    assert stacks.attempts == 3


def test_a_stack_that_is_kept_by_something_else_is_deleted_once(clock):
    stacks = Stacks(TABLE, TABLE)
    assert left_of(stacks) == ["Kept: attempt 1"]
    assert stacks.attempts == 1


def test_of_a_stack_that_stays_only_the_last_attempt_is_reported(clock):
    stacks = Stacks(*[POLICY] * 1000)
    assert left_of(stacks) == [f"Kept: attempt {stacks.attempts}"]
    assert 5 * MINUTES <= clock.now < 6 * MINUTES
