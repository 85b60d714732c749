"""Devices that replace their own certificates, on Pulumi."""

import json

import pulumi
import pytest
from pulumi_program import ran
from synthesis import in_partition_aws, synthesised

from device_provisioning import cdk
from device_provisioning.pulumi import CertificateRotation, DevicePolicy

TEMPLATE = "pump-rotation"
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
    rotation(alarm_actions=[TOPIC])


@pytest.fixture(scope="module")
def on_cdk():
    def define(stack):
        policy = cdk.DevicePolicy(
            stack, "Policy", policy_name="rotating-pump", rotation_template_name=TEMPLATE
        )
        settings = {"template_name": TEMPLATE, "thing_name_prefix": "turning-", "device_policy": policy}
        cdk.CertificateRotation(stack, "Rotation", **settings)

    resources = in_partition_aws(synthesised(define).to_json())["Resources"].values()
    return [(resource["Type"], resource["Properties"]) for resource in resources if "Properties" in resource]


@pytest.fixture(scope="module")
def program():
    return ran(rotation)


def documents(role):
    """What a role of CDK allows, by statement, without the place of its log."""
    return without_logs(role["Policies"][0]["PolicyDocument"])


def without_logs(document):
    return [statement for statement in document["Statement"] if statement["Sid"] != "Logs"]


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
    variables = inputs["environment"].get("variables", {})
    assert variables == same.get("Environment", {}).get("Variables", {})
    allowed = program.named(f"rotation-{function}-role-permissions")["inputs"]["policy"]
    (role,) = (
        settings
        for kind, settings in on_cdk
        if kind == "AWS::IAM::Role" and settings["Description"] == inputs["description"]
    )
    assert without_logs(allowed) == documents(role)
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


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_defaults_match_the_snapshot(snapshot, preview):
    assert ran(rotation, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_everything_set_matches_the_snapshot(snapshot, preview):
    assert ran(with_everything, preview=preview).snapshot() == snapshot
