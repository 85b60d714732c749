"""What the emulator refuses, or does later, as AWS documents it."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from device_provisioning.verification.identity import key_and_csr
from tests.support.bodies import a_body, resources
from tests.support.detaching import once_detached
from tests.support.emulated_registration import emulated_registration
from workshop.device import Rejected

NOTHING = '{"Version": "2012-10-17", "Statement": []}'
EXCLUSIVE, NOT_EXCLUSIVE = "EXCLUSIVE_THING", "NON_EXCLUSIVE_THING"


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
    (gone,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert gone["StackStatus"] == "DELETE_COMPLETE"


def types(iot, name, **wanted):
    listed = iot.list_thing_principals_v2(thingName=name, **wanted)["thingPrincipalObjects"]
    return [each["thingPrincipalType"] for each in listed]


def test_a_list_shows_which_things_and_certificates_are_attached_exclusively(iot, name, certificate):
    a_thing(iot, name, certificate, thingPrincipalType=EXCLUSIVE)
    assert types(iot, name) == types(iot, name, thingPrincipalType=EXCLUSIVE) == [EXCLUSIVE]
    assert types(iot, name, thingPrincipalType=NOT_EXCLUSIVE) == []
    listed = iot.list_principal_things_v2(principal=certificate["certificateArn"])["principalThingObjects"]
    assert listed == [{"thingName": name, "thingPrincipalType": EXCLUSIVE}]


@pytest.mark.parametrize(("first", "second"), [(EXCLUSIVE, NOT_EXCLUSIVE), (NOT_EXCLUSIVE, EXCLUSIVE)])
def test_a_certificate_of_one_thing_is_attached_to_no_other(iot, name, certificate, first, second):
    a_thing(iot, name, certificate, thingPrincipalType=first)
    with pytest.raises(iot.exceptions.InvalidRequestException, match=name):
        a_thing(iot, f"{name}-other", certificate, thingPrincipalType=second)


def test_a_certificate_of_several_things_is_attached_to_each(iot, name, certificate):
    a_thing(iot, name, certificate)
    a_thing(iot, f"{name}-other", certificate)
    assert types(iot, name) == types(iot, f"{name}-other") == [NOT_EXCLUSIVE]


@pytest.fixture(scope="module")
def registration(emulator):
    with emulated_registration(emulator) as registration:
        registration.provide(policies=["sensor"])
        yield registration


def registered(registration, thing=(), certificate=()):
    parts = resources(thing=dict(thing), certificate={"Status": "ACTIVE", **dict(certificate)})
    template = registration.create_template(json.dumps(a_body(Resources=parts)), "FLEET_PROVISIONING")
    return registration.register(template, {"SerialNumber": f"A-{uuid.uuid4().hex[:8]}"}).thing_name


def test_a_device_gets_its_certificate_for_itself_if_its_template_says_so(registration):
    exclusive = registered(registration, certificate={"ThingPrincipalType": EXCLUSIVE})
    assert types(registration.iot, exclusive) == [EXCLUSIVE]
    assert types(registration.iot, registered(registration)) == [NOT_EXCLUSIVE]


def test_a_device_gets_into_the_billing_group_of_its_template(registration, iot, name):
    with pytest.raises(Rejected, match=name):
        registered(registration, thing={"BillingGroup": name})
    iot.create_billing_group(billingGroupName=name)
    thing = registered(registration, thing={"BillingGroup": name})
    assert iot.describe_thing(thingName=thing)["billingGroupName"] == name
    assert iot.list_things_in_billing_group(billingGroupName=name)["things"] == [thing]


def test_a_thing_leaves_its_billing_group_with_the_thing_or_before(iot, name):
    iot.create_billing_group(billingGroupName=name)
    for thing in (f"{name}-1", f"{name}-2"):
        iot.create_thing(thingName=thing, billingGroupName=name)
    iot.remove_thing_from_billing_group(billingGroupName=name, thingName=f"{name}-1")
    assert iot.list_things_in_billing_group(billingGroupName=name)["things"] == [f"{name}-2"]
    iot.delete_thing(thingName=f"{name}-2")
    assert iot.list_things_in_billing_group(billingGroupName=name)["things"] == []
    iot.delete_billing_group(billingGroupName=name)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        iot.add_thing_to_billing_group(billingGroupName=name, thingName=f"{name}-1")
