"""What the emulator refuses, or does later, as AWS documents it."""

import json
import uuid

import pytest

from device_provisioning.verification.identity import key_and_csr
from tests.support.detaching import once_detached

NOTHING = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def name():
    return f"strict-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def iot(emulator):
    return emulator.client("iot")


@pytest.fixture
def certificate(iot):
    """An inactive certificate; gone afterwards, with what it is attached to."""
    made = iot.create_keys_and_certificate(setAsActive=False)
    yield made
    if made["certificateId"] in [each["certificateId"] for each in certificates(iot)]:
        for thing in iot.list_principal_things(principal=made["certificateArn"])["things"]:
            iot.detach_thing_principal(thingName=thing, principal=made["certificateArn"])
        once_detached(iot.delete_certificate, certificateId=made["certificateId"], forceDelete=True)


def certificates(iot):
    return [
        each for page in iot.get_paginator("list_certificates").paginate() for each in page["certificates"]
    ]


def a_thing(iot, name, certificate, **settings):
    iot.create_thing(thingName=name)
    iot.attach_thing_principal(thingName=name, principal=certificate["certificateArn"], **settings)


def a_policy(iot, name, certificate):
    iot.create_policy(policyName=name, policyDocument=NOTHING)
    iot.attach_policy(policyName=name, target=certificate["certificateArn"])


def test_a_thing_is_attached_a_little_longer_than_until_it_is_detached(iot, name, certificate):
    principal = certificate["certificateArn"]
    a_thing(iot, name, certificate)
    iot.detach_thing_principal(thingName=name, principal=principal)
    assert iot.list_thing_principals(thingName=name)["principals"] == [principal]
    iot.attach_thing_principal(thingName=name, principal=principal)
    iot.detach_thing_principal(thingName=name, principal=principal)
    with pytest.raises(iot.exceptions.InvalidRequestException, match="still attached"):
        iot.delete_thing(thingName=name)
    once_detached(iot.delete_thing, thingName=name)
    assert iot.list_principal_things(principal=principal)["things"] == []


def test_a_certificate_is_not_deleted_before_its_thing_is_detached(iot, name, certificate):
    certificate_id, principal = certificate["certificateId"], certificate["certificateArn"]
    a_thing(iot, name, certificate)
    iot.detach_thing_principal(thingName=name, principal=principal)
    with pytest.raises(iot.exceptions.DeleteConflictException, match="Things must be detached"):
        iot.delete_certificate(certificateId=certificate_id, forceDelete=True)
    once_detached(iot.delete_certificate, certificateId=certificate_id, forceDelete=True)
    iot.delete_thing(thingName=name)


def test_what_is_attached_again_stays(iot, name, certificate):
    principal = certificate["certificateArn"]
    a_thing(iot, name, certificate)
    a_policy(iot, name, certificate)
    iot.detach_thing_principal(thingName=name, principal=principal)
    iot.detach_policy(policyName=name, target=principal)
    iot.attach_thing_principal(thingName=name, principal=principal)
    iot.attach_policy(policyName=name, target=principal)
    for _ in range(5):
        assert iot.list_thing_principals(thingName=name)["principals"] == [principal]
        assert iot.list_targets_for_policy(policyName=name)["targets"] == [principal]


@pytest.mark.parametrize("detach", ["DetachPolicy", "DetachPrincipalPolicy", "DeleteCertificate"])
def test_a_policy_is_not_deleted_at_once_when_it_is_detached(iot, name, certificate, detach):
    principal = certificate["certificateArn"]
    a_policy(iot, name, certificate)
    if detach == "DetachPolicy":
        iot.detach_policy(policyName=name, target=principal)
    elif detach == "DetachPrincipalPolicy":
        iot.detach_principal_policy(policyName=name, principal=principal)
    else:
        iot.delete_certificate(certificateId=certificate["certificateId"], forceDelete=True)
    with pytest.raises(iot.exceptions.DeleteConflictException, match="attached"):
        iot.delete_policy(policyName=name)
    once_detached(iot.delete_policy, policyName=name)


def test_a_stack_is_deleted_although_its_policy_was_detached_just_now(emulator, name):
    resources = {
        "Policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": json.loads(NOTHING)}},
        "Certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"Status": "ACTIVE", "CertificateSigningRequest": key_and_csr()[1]},
        },
        "Attachment": {
            "Type": "AWS::IoT::PolicyPrincipalAttachment",
            "Properties": {
                "PolicyName": {"Ref": "Policy"},
                "Principal": {"Fn::GetAtt": ["Certificate", "Arn"]},
            },
        },
    }
    cloudformation, waits = emulator.client("cloudformation"), {"Delay": 1, "MaxAttempts": 60}
    stack = cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))[
        "StackId"
    ]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=waits)
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=waits)
