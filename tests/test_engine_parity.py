"""The same settings make the same documents, function and alarms on AWS CDK and on Pulumi."""

import inspect
import json

import pulumi_aws as aws
import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from device_provisioning import cdk, pulumi
from device_provisioning.aws_iot import ref
from device_provisioning.fleet.functions import PRE_PROVISIONING_HOOK
from documentation.engine_differences import ONLY_ON_CDK, ONLY_ON_PULUMI, OTHER_SETTINGS, components
from tests.support.engine_pieces import CdkPieces, PulumiPieces

TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:alarms"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
MINIMUM = {"thing_name_prefix": "sensor-", "template_name": "sensors"}
EVERYTHING = {
    **MINIMUM,
    "thing_type_name": "Sensor",
    "thing_groups": ["sensors", ref("Site")],
    "attributes": {"site": ref("Site")},
    "device_configuration": {"broker": "mqtt-1"},
    "serial_number_parameter": "Serial",
    "serial_number_pattern": "[0-9A-F]{2}(:[0-9A-F]{2}){5}",
    "description": "Sensors of plant 7",
    "enabled": False,
    "reprovisioning": cdk.Reprovisioning.ALLOW,
    "certificate_sources": list(cdk.CertificateSource),
    "payload_formats": [cdk.PayloadFormat.CBOR],
    "claim_client_id_patterns": ["factory-*", "????-*"],
}
DEVICE_POLICY = {
    "topic_prefix": "factory",
    "shadow": True,
    "jobs": True,
    "statements": [{"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": "*"}],
}


class Both:
    """A fleet and a policy, made by both engines."""

    def __init__(self, settings, *, everything=False):
        def on_cdk(stack):
            more = (
                {
                    "encryption_key": kms.Key.from_key_arn(stack, "Key", KEY_ARN),
                    "alarm_actions": [actions.SnsAction(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))],
                }
                if everything
                else {}
            )
            cdk.FleetProvisioning(stack, "Sensors", **settings, **more)
            cdk.DevicePolicy(stack, "Other", **DEVICE_POLICY)

        def on_pulumi():
            more = (
                {"encryption_key": aws.kms.Key.get("key", KEY_ARN), "alarm_actions": [TOPIC_ARN]}
                if everything
                else {}
            )
            pulumi.FleetProvisioning("sensors", {**settings, **more})
            pulumi.DevicePolicy("other", DEVICE_POLICY)

        self.cdk, self.pulumi = CdkPieces(on_cdk), PulumiPieces(on_pulumi)
        self.notifies = everything


@pytest.fixture(
    scope="module",
    params=[(MINIMUM, False), (EVERYTHING, True)],
    ids=["defaults", "everything"],
)
def both(request):
    settings, everything = request.param
    return Both(settings, everything=everything)


def test_the_template_body_is_the_same(both):
    on_cdk = json.loads(both.cdk.of("AWS::IoT::ProvisioningTemplate")["TemplateBody"])
    assert both.pulumi.of("sensors-template-template")["template_body"] == on_cdk


def test_the_settings_of_the_template_are_the_same(both):
    on_cdk, on_pulumi = (
        both.cdk.of("AWS::IoT::ProvisioningTemplate"),
        both.pulumi.of("sensors-template-template"),
    )
    assert on_pulumi["enabled"] == on_cdk["Enabled"]
    assert on_pulumi["template_name"] == on_cdk["TemplateName"]
    assert on_pulumi["template_type"] == on_cdk["TemplateType"]
    assert on_pulumi["description"] == on_cdk.get("Description", "")


def test_the_provisioning_role_is_the_same(both):
    assert both.pulumi.role("sensors-template-role") == both.cdk.role("SensorsTemplateRole")


def test_the_role_of_the_hook_is_the_same(both):
    assert both.pulumi.role("sensors-hook-allow-list-hook-role") == both.cdk.role(
        "SensorsHookAllowListHookRole"
    )


@pytest.mark.parametrize(
    ("name", "logical_id"),
    [
        ("sensors-claim-policy", "SensorsClaimPolicy"),
        ("sensors-device-policy-policy", "SensorsDevicePolicy"),
        ("other-policy", "Other"),
    ],
)
def test_the_policies_of_claim_and_devices_are_the_same(both, name, logical_id):
    assert both.pulumi.of(name)["policy"] == both.cdk.of("AWS::IoT::Policy", logical_id)["PolicyDocument"]


def test_the_hook_runs_in_the_same_way(both):
    assert both.pulumi.function("sensors-hook-allow-list-hook") == both.cdk.function(
        PRE_PROVISIONING_HOOK.handler
    )


def test_the_log_of_the_hook_is_kept_as_long(both):
    on_cdk = both.cdk.of("AWS::Logs::LogGroup", "SensorsHookAllowListHook")
    assert (
        both.pulumi.of("sensors-hook-allow-list-hook-log-group")["retentionInDays"]
        == on_cdk["RetentionInDays"]
    )


def test_the_code_of_the_hook_is_the_same_to_the_byte(both):
    on_pulumi = both.pulumi.code("sensors-hook-allow-list-hook")
    folder = "device_provisioning/lambdas/pre_provisioning_hook"
    assert on_pulumi == both.cdk.code(PRE_PROVISIONING_HOOK.handler)
    assert on_pulumi.keys() >= {f"{folder}/{name}" for name in ("handler.py", "hook.py")}


def test_the_alarms_are_the_same(both):
    assert both.pulumi.alarms() == both.cdk.alarms()
    assert ({"Errors", "Throttles", "Duration"} <= both.pulumi.alarms().keys()) == both.notifies


def test_the_invoke_permission_is_the_same(both):
    assert both.pulumi.permission("sensors-template-hook-permission") == both.cdk.permission()


def test_the_table_is_the_same(both):
    on_cdk, on_pulumi = (
        both.cdk.of("AWS::DynamoDB::Table"),
        both.pulumi.of("sensors-device-allow-list-table"),
    )
    assert on_pulumi["billingMode"] == on_cdk["BillingMode"]
    assert on_pulumi["hashKey"] == on_cdk["KeySchema"][0]["AttributeName"]
    assert on_pulumi["serverSideEncryption"]["enabled"] == on_cdk["SSESpecification"]["SSEEnabled"]
    assert on_pulumi["serverSideEncryption"].get("kmsKeyArn") == on_cdk["SSESpecification"].get(
        "KMSMasterKeyId"
    )


def test_both_engines_offer_the_same_names():
    on_cdk = set(cdk.__all__) - ONLY_ON_CDK.keys()
    on_pulumi = set(pulumi.__all__) - ONLY_ON_PULUMI.keys()
    assert {f"{name}Args" for name in components()} <= on_pulumi
    assert on_pulumi - {f"{name}Args" for name in components()} == on_cdk


BOTH = set(pulumi.__all__) & set(cdk.__all__)


@pytest.mark.parametrize("name", sorted(BOTH - set(components())))
def test_what_is_no_component_is_the_same_on_both(name):
    assert getattr(cdk, name) is getattr(pulumi, name)


@pytest.mark.parametrize("name", sorted(BOTH & set(components())))
def test_components_have_the_same_settings(name):
    parameters = inspect.signature(getattr(cdk, name).__init__).parameters.values()
    on_cdk = {p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}
    on_pulumi = set(getattr(pulumi, f"{name}Args").__annotations__)
    assert on_cdk ^ on_pulumi == OTHER_SETTINGS.get(name, {}).keys()
