"""Devices that replace their own certificates, on Pulumi."""

import json
import re

import pulumi
import pulumi_aws as aws
import pytest
from aws_cdk import aws_kms as kms

from device_provisioning import cdk
from device_provisioning.pulumi import CertificateRotation, DeviceAllowList, DevicePolicy
from tests.support.pulumi_program import ran
from tests.support.synthesis import in_partition_aws, synthesised

TEMPLATE = "pump-rotation"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
TABLE_ARN = "arn:aws:dynamodb:eu-west-1:111122223333:devices-table"
TABLE = r'\{"Fn::GetAtt": \["DevicesTable\w+", "Arn"\]\}'
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def rotation(template_name=TEMPLATE, **settings):
    policy = {"policy_name": "rotating-pump", "rotation_template_name": template_name}
    return CertificateRotation(
        "rotation",
        {
            "template_name": template_name,
            "thing_name_prefix": "turning-",
            "device_policy": DevicePolicy("policy", policy).resource,
            **settings,
        },
    )


def with_everything():
    rotation(alarm_actions=[TOPIC], **a_list())


def a_list():
    key = aws.kms.Key.get("key", KEY_ARN)
    devices = DeviceAllowList("devices", {"encryption_key": key})
    return {"device_allow_list": devices.table, "encryption_key": key}


@pytest.fixture(scope="module", params=[False, True], ids=["without a list", "by a list"])
def by_list(request):
    return request.param


@pytest.fixture(scope="module")
def on_cdk(by_list):
    def define(stack):
        own = {}
        if by_list:
            key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
            own["device_allow_list"] = cdk.DeviceAllowList(stack, "Devices", encryption_key=key)
        policy = cdk.DevicePolicy(
            stack, "Policy", policy_name="rotating-pump", rotation_template_name=TEMPLATE
        )
        settings = {"template_name": TEMPLATE, "thing_name_prefix": "turning-", "device_policy": policy}
        cdk.CertificateRotation(stack, "Rotation", **settings, **own)

    resources = in_partition_aws(synthesised(define).to_json())["Resources"].values()
    return [(resource["Type"], resource["Properties"]) for resource in resources if "Properties" in resource]


@pytest.fixture(scope="module")
def program(by_list):
    return ran(lambda: rotation(**(a_list() if by_list else {})))


def documents(role):
    """What a role of CDK allows, by statement, without the place of its log."""
    return without_logs(
        json.loads(re.sub(TABLE, '"TABLE"', json.dumps(role["Policies"][0]["PolicyDocument"])))
    )


def without_logs(document):
    return [statement for statement in document["Statement"] if statement["Sid"] != "Logs"]


def variables_of(variables):
    """The variables, with whether there is a table."""
    return {name: value if name == "THING_NAME_PREFIX" else bool(value) for name, value in variables.items()}


@pytest.mark.parametrize("function", ["hook-function", "retirement"])
def test_the_functions_are_those_of_cdk_with_the_same_rights(on_cdk, program, function):
    inputs = program.named(f"rotation-{function}-function")["inputs"]
    (same,) = (
        settings
        for kind, settings in on_cdk
        if kind == "AWS::Lambda::Function" and settings["Handler"] == inputs["handler"]
    )
    for setting in ("description", "memorySize", "runtime", "timeout", "architectures"):
        assert inputs[setting] == same[setting[0].upper() + setting[1:]], setting
    assert variables_of(inputs["environment"]["variables"]) == variables_of(same["Environment"]["Variables"])
    allowed = program.named(f"rotation-{function}-role-permissions")["inputs"]["policy"]
    (role,) = (
        settings
        for kind, settings in on_cdk
        if kind == "AWS::IAM::Role" and settings["Description"] == inputs["description"]
    )
    with_table = json.loads(json.dumps(allowed).replace(f'"{TABLE_ARN}"', '"TABLE"'))
    assert without_logs(with_table) == documents(role)
    trust = program.named(f"rotation-{function}-role")["inputs"]["assumeRolePolicy"]
    assert trust == role["AssumeRolePolicyDocument"]


def test_policy_body_and_query_are_those_of_cdk(on_cdk, program):
    by_kind = dict(on_cdk)
    assert program.only("Policy")["policy"] == by_kind["AWS::IoT::Policy"]["PolicyDocument"]
    payload = by_kind["AWS::IoT::TopicRule"]["TopicRulePayload"]
    rule = program.only("TopicRule")
    assert (rule["sql"], rule["sqlVersion"]) == (payload["Sql"], payload["AwsIotSqlVersion"])
    template = by_kind["AWS::IoT::ProvisioningTemplate"]
    inputs = program.named("rotation-template-template")["inputs"]
    assert inputs["description"] == template["Description"]
    assert inputs["template_body"] == json.loads(template["TemplateBody"])
    assert inputs["hook_arn"].endswith(":rotation-hook-function-function")


def test_the_permission_is_for_this_rule_and_there_before_it(program):
    rule = program.named("rotation-rule")
    permission = program.named("rotation-invoke-permission")["inputs"]
    assert permission["sourceArn"].endswith(f":rule/{rule['inputs']['name']}")
    assert permission["sourceAccount"] == "111122223333"
    assert any(urn.endswith("::rotation-invoke-permission") for urn in rule["dependencies"])


def test_rules_of_templates_whose_names_differ_in_a_dash_only_have_names_of_their_own():
    names = {ran(lambda n=name: rotation(n)).only("TopicRule")["name"] for name in ("pump-a", "pump_a")}
    assert len(names) == 2


def test_a_template_name_that_is_known_later_reaches_policy_rule_and_template():
    program = ran(lambda: rotation(pulumi.Output.from_input(TEMPLATE)))
    assert program.only("TopicRule") == ran(rotation).only("TopicRule")
    assert program.only("Policy") == ran(rotation).only("Policy")


def test_defaults_match_the_snapshot(snapshot):
    assert ran(rotation).own_part(CertificateRotation) == snapshot
    assert ran(rotation, preview=True).asked() == ran(rotation).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(CertificateRotation) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
