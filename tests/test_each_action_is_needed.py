"""Each action of each role is needed: without it, what the role is for does not work any more.

The emulator enforces IAM. Where it can't show that an action is needed, a table says why.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk.assertions import Template

from device_provisioning.aws_iot import FleetTemplate
from device_provisioning.cdk import CertificateRotation, DeviceAllowList, ListedDevice
from device_provisioning.fleet.functions import CARETAKER
from tests.support.everything_on_cdk import STACKS
from tests.support.fleets import DeployedFleet, define_fleet
from tests.support.left_over import telling
from tests.support.rights import (
    ACT,
    DECIDE,
    KEEP_FLEET,
    KEEP_IN_STEP,
    KEEP_IOTDA,
    REGISTER,
    RETIRE,
    REVOKE,
    ROTATE_CLAIM,
    WORK,
    Broken,
    Roles,
    Work,
    kind_of,
    listed,
)
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly

pytestmark = pytest.mark.timeout(900)
STACK = "Rights"
# What AWS authorises on the certificate or on the policy, and the emulator on the other.
AUTHORISED_ELSEWHERE = {
    ROTATE_CLAIM: ["iot:AttachPolicy"],
    REVOKE: ["iot:ListTargetsForPolicy"],
    RETIRE: ["iot:DetachPolicy"],
}
READS = "AWS IoT reads it to apply a template; the emulator asks for no right to read there"
LOGS = "the emulator writes the lines of a function itself"
KEY = "only with a customer key, for which the emulator asks nobody"
WRITES_LOGS = {"logs:CreateLogStream": LOGS, "logs:PutLogEvents": LOGS}
TABLE_KEY_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
)
NOT_SHOWN = {
    REGISTER: {
        "iot:AttachPrincipalPolicy": "which of two attaches AWS does not say; the emulator takes the other",
        "iot:CreatePolicy": "the emulator asks for no right to make the policy that a body holds",
        "iot:DescribeCertificate": READS,
        "iot:DescribeThing": READS,
        "iot:DescribeThingGroup": READS,
        "iot:GetPolicy": READS,
        "iot:ListAttachedPolicies": READS,
        "iot:ListPrincipalPolicies": READS,
        "iot:ListPrincipalThings": READS,
        "iot:ListTargetsForPolicy": READS,
        "iot:ListThingGroupsForThing": READS,
        "iot:ListThingPrincipals": READS,
        "iot:RegisterThing": "AWS's own policy for this role allows it; the emulator does not ask for it",
        "iot:UpdateThingGroupsForThing": "the emulator asks for the right to add and to remove instead",
    },
    KEEP_FLEET: {
        "iam:PassRole": "AWS's reference asks for it with every update, the emulator with a new role only"
    },
}
# Actions of roles that are made in other stacks than the one of this test.
ELSEWHERE = {
    REGISTER: {
        "iot:AddThingToBillingGroup": "the emulator has no billing groups",
        "iot:DescribeBillingGroup": "the emulator has no billing groups",
        "iot:DescribeThingType": READS,
    },
    "ClaimCertificate": {"kms:Decrypt": KEY, "kms:GenerateDataKey": KEY},
    ROTATE_CLAIM: {"kms:Decrypt": KEY, "kms:GenerateDataKey": KEY},
    DECIDE: dict.fromkeys(TABLE_KEY_ACTIONS, KEY),
    KEEP_IN_STEP: dict.fromkeys(TABLE_KEY_ACTIONS, KEY),
}
# Roles of other stacks, with the test that uses them or the reason why there is none.
OTHERS = {
    ACT: "tests/test_greengrass_on_the_emulator.py",
    "AWS IoT applies the template body inside a CA with this role": "tests/test_cdk_body_inside_ca.py",
    "AWS IoT registers devices in bulk with this role": "tests/test_bulk_registration_on_the_emulator.py",
    "AuthorityTemplate": "tests/test_cdk_body_inside_ca.py",
    CARETAKER.description: "it writes its log, and acts with other roles",
    "GroupPolicy": "the emulator authorises it on no group: tests/test_cdk_quarantine_group.py",
    KEEP_IOTDA: "tests/test_iotda_on_the_emulator.py",
    "PanoramaDevice": "the emulator has no AWS Panorama",
    "Sets aside just-in-time registration events that can't be delivered": "its rules always deliver",
    "Registers devices of a CA that its lists permit": "tests/test_registration_on_the_emulator.py",
}
ROTATION = "rights-rotation"
WAITS = "PAUSES_SECONDS = (1, 2, 4, 8)"
BODY = {
    "Parameters": {
        name: {"Type": "String"} for name in ("SerialNumber", "Site", "AWS::IoT::Certificate::Id")
    },
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {
                "ThingName": {"Fn::Join": ["", ["sensor-", {"Ref": "SerialNumber"}]]},
                "ThingGroups": ["sensors", {"Ref": "Site"}],
                "AttributePayload": {"site": {"Ref": "Site"}},
            },
            "OverrideSettings": {"ThingGroups": "REPLACE", "AttributePayload": "REPLACE"},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"},
        },
        "named": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "named-in-rights"}},
        "written": {
            "Type": "AWS::IoT::Policy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}],
                }
            },
        },
    },
}


def let_denials_be_final(folder):
    """The caretaker tries again what it may not do yet, and nobody allows it meanwhile."""
    files = list(folder.glob("asset.*/**/custom_resources/cloudformation.py"))
    for file in files:
        text = file.read_text("utf-8")
        assert text.count(WAITS) == 1
        file.write_text(text.replace(WAITS, "PAUSES_SECONDS = ()"), "utf-8")
    assert files


@pytest.fixture(scope="module")
def work(enforcing_emulator, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    app = App(outdir=str(folder))
    stack = Stack(app, STACK, env=IRELAND)
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    devices.add_devices([ListedDevice(serial_number="SN-declared")])
    fleet = define_fleet(
        stack,
        devices,
        body=FleetTemplate.from_json(json.dumps(BODY)),
        device_parameters=["Site"],
        rotation=ROTATION,
    )
    fleet.claim.add_rotation()
    CertificateRotation(
        stack,
        "Rotation",
        template_name=ROTATION,
        thing_name_prefix="sensor-",
        device_policy=fleet.device_policy,
        device_allow_list=devices,
    )
    outputs = {
        "TemplateName": fleet.template.template_name,
        "ClaimCertificateSecretArn": fleet.claim.secret.secret_arn,
        "DeviceAllowListTableName": devices.table.table_name,
        "DevicePolicyName": fleet.device_policy.policy_name,
        "ClaimPolicyName": fleet.claim.policy.ref,
    }
    for name, value in outputs.items():
        CfnOutput(stack, name, value=value)
    app.synth()
    leave_out_rotation_schedule(folder / f"{STACK}.template.json")
    let_denials_be_final(folder)
    outputs = cloud_assembly.deploy(enforcing_emulator, folder, STACK)
    document = BODY["Resources"]["written"]["Properties"]["PolicyDocument"]
    enforcing_emulator.client("iot").create_policy(
        policyName="named-in-rights", policyDocument=json.dumps(document)
    )
    roles = Roles(enforcing_emulator, STACK)
    for role, actions in AUTHORISED_ELSEWHERE.items():
        roles.allow(role, *actions)
    return Work(DeployedFleet.from_outputs(enforcing_emulator, outputs), roles, outputs)


def leave_out_rotation_schedule(file):
    """The emulator's CloudFormation has none."""
    template = json.loads(file.read_text())
    kept = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] != "AWS::SecretsManager::RotationSchedule"
    }
    file.write_text(json.dumps({**template, "Resources": kept}))


@pytest.mark.parametrize("role", telling(WORK, {DECIDE, KEEP_IN_STEP, REVOKE}))
def test_without_any_of_its_actions_a_role_is_of_no_use(work, role):
    do, not_shown = WORK[role], {**NOT_SHOWN.get(role, {}), **WRITES_LOGS}
    for action in sorted(work.roles.actions(role) - not_shown.keys()):
        with work.roles.without(role, action):
            assert "denied" in outcome(do, work).lower(), f"{role}: {action}"
    # As long as the emulator asks for none of these, their reasons are true.
    with work.roles.without(role, *not_shown):
        do(work)


def outcome(do, work):
    """Why a role was of no use."""
    try:
        do(work)
    except Broken as error:
        return str(error)
    return "it was of use"


def test_each_action_of_each_role_is_tried_or_has_its_reason(work):
    known = defaultdict(set)
    for role in WORK:
        for purpose in purposes(role):
            known[purpose] |= work.roles.actions(role)
    for purpose, reasons in ELSEWHERE.items():
        known[purpose] |= reasons.keys()
    unknown = {
        (role, action)
        for role, actions in synthesised_roles().items()
        if not purposes(role) & OTHERS.keys()
        for action in actions - set().union(*(known[purpose] for purpose in purposes(role)))
    }
    assert unknown == set()


def test_no_reason_is_stale(work):
    made = defaultdict(set)
    for role, actions in synthesised_roles().items():
        for purpose in purposes(role):
            made[purpose] |= actions
    assert set().union(*map(purposes, WORK)) | OTHERS.keys() == made.keys()
    for purpose, reasons in ELSEWHERE.items():
        assert reasons.keys() <= made[purpose]
    for role, reasons in NOT_SHOWN.items():
        assert reasons.keys() <= work.roles.actions(role)
    assert [file for file in OTHERS.values() if file.startswith("tests/") and not Path(file).exists()] == []


def purposes(role):
    """What a role is for: the caretaker may look after several custom resources with one."""
    return set(role.split(", "))


def synthesised_roles():
    """The actions of every role that has its policy inside, by what the role is for."""
    app = App()
    for name, define in STACKS.items():
        define(Stack(app, name, env=IRELAND))
    found = defaultdict(set)
    for stack in app.node.children:
        for role in Template.from_stack(stack).find_resources("AWS::IAM::Role").values():
            for policy in role["Properties"].get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    found[kind_of(role["Properties"]["Description"])] |= set(listed(statement["Action"]))
    return found
