"""The custom resource that revokes the certificates of a device policy, against the emulator's AWS IoT."""

import uuid

import pytest

from device_provisioning.lambdas.custom_resources import caretaker
from tests.support.custom_resources import CloudFormation, Context, answers_server
from tests.support.detaching import once_detached

NOTHING = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def iot(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    return emulator.client("iot")


@pytest.fixture
def cloudformation():
    with answers_server() as server:
        yield CloudFormation(caretaker.handler, server, "Custom::ProvisionedCertificates")


@pytest.fixture
def policy(iot):
    name = f"policy-{uuid.uuid4().hex[:8]}"
    iot.create_policy(policyName=name, policyDocument=NOTHING)
    return {"PolicyName": name}


def a_device(iot, policy):
    made = iot.create_keys_and_certificate(setAsActive=True)
    iot.attach_policy(policyName=policy["PolicyName"], target=made["certificateArn"])
    thing = f"thing-{made['certificateId'][:8]}"
    iot.create_thing(thingName=thing)
    iot.attach_thing_principal(thingName=thing, principal=made["certificateArn"])
    return made["certificateId"]


def exists(iot, certificate_id):
    try:
        return bool(iot.describe_certificate(certificateId=certificate_id))
    except iot.exceptions.ResourceNotFoundException:
        return False


def test_while_the_policy_is_there_its_certificates_stay(iot, cloudformation, policy):
    device = a_device(iot, policy)
    made = cloudformation.create(policy)
    assert made["Status"] == "SUCCESS"
    assert cloudformation.update(policy, policy, made["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert exists(iot, device)
    cloudformation.delete(policy, made["PhysicalResourceId"])


def test_when_the_policy_goes_every_certificate_that_holds_it_is_revoked_and_no_other(
    iot, cloudformation, policy
):
    other = {"PolicyName": f"{policy['PolicyName']}-other"}
    iot.create_policy(policyName=other["PolicyName"], policyDocument=NOTHING)
    devices, bystander = [a_device(iot, policy) for _ in range(3)], a_device(iot, other)
    made = cloudformation.create(policy)
    assert cloudformation.delete(policy, made["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert [exists(iot, device) for device in devices] == [False] * 3
    assert exists(iot, bystander)
    once_detached(iot.delete_policy, policyName=policy["PolicyName"])
    cloudformation.delete(other, "id")


def test_the_same_delete_twice_succeeds(iot, cloudformation, policy):
    a_device(iot, policy)
    for _ in range(2):
        assert cloudformation.delete(policy, "id")["Status"] == "SUCCESS"


def test_a_policy_that_is_gone_has_no_certificates(iot, cloudformation):
    assert cloudformation.delete({"PolicyName": "gone"}, "id")["Status"] == "SUCCESS"


def test_a_delete_that_runs_out_of_time_says_so_and_the_next_one_goes_on(iot, cloudformation, policy):
    class RunsOut(Context):
        def get_remaining_time_in_millis(self):
            self.seconds_left -= 1
            return self.seconds_left * 1000

    devices = [a_device(iot, policy) for _ in range(9)]
    answer = cloudformation.delete(policy, "id", context=RunsOut(40))
    assert answer["Status"] == "FAILED"
    left = sum(exists(iot, device) for device in devices)
    assert 0 < left < len(devices)
    assert answer["Reason"].startswith(f"{9 - left} certificates were deleted and {left} are left, ")
    assert cloudformation.delete(policy, "id")["Status"] == "SUCCESS"
    assert not any(exists(iot, device) for device in devices)
