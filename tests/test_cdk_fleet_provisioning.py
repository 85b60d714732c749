"""Fleet provisioning in one construct, on AWS CDK."""

import json
from pathlib import Path

import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from synthesis import a_stack, properties, readable, synthesised

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.cdk import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    PayloadFormat,
    PreProvisioningHook,
    Reprovisioning,
)

TEMPLATE = "AWS::IoT::ProvisioningTemplate"
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64


def a_fleet(stack, **settings):
    return FleetProvisioning(stack, "Sensors", **{"thing_name_prefix": "sensor-", **settings})


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    a_fleet(
        stack,
        thing_type_name="Sensor",
        thing_groups=["sensors", ref("Site")],
        attributes={"site": ref("Site")},
        device_configuration={"broker": "mqtt-1"},
        serial_number_parameter="Serial",
        template_name="sensors",
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        reprovisioning=Reprovisioning.ALLOW,
        encryption_key=key,
        certificate_sources=[CertificateSource.CREATE_FROM_CSR],
        payload_formats=[PayloadFormat.CBOR],
        claim_client_id_pattern="factory-*",
    )


def body_of(template):
    return json.loads(properties(template, TEMPLATE)["TemplateBody"])


def test_one_call_defines_every_piece():
    template = synthesised(a_fleet)
    for resource_type, number in {
        TEMPLATE: 1,
        "AWS::Lambda::Permission": 1,
        "AWS::DynamoDB::Table": 1,
        "AWS::SecretsManager::Secret": 1,
        "Custom::ClaimCertificate": 1,
        "AWS::IoT::Policy": 2,
        "AWS::IoT::PolicyPrincipalAttachment": 1,
        "AWS::CloudWatch::Alarm": 3,
    }.items():
        template.resource_count_is(resource_type, number)


def test_the_pieces_agree_on_names():
    fleet = a_fleet(stack := a_stack())
    body = fleet.template.body.document
    assert body["Resources"]["policy"]["Properties"]["PolicyName"] == fleet.device_policy.policy_name
    assert fleet.hook.device_allow_list is fleet.device_allow_list
    assert fleet.template.template_name in json.dumps(stack.resolve(fleet.claim.policy.policy_document))
    assert fleet.role is fleet.template.role


def test_a_certificate_is_used_by_its_thing_only():
    certificate = body_of(synthesised(a_fleet))["Resources"]["certificate"]["Properties"]
    assert certificate["ThingPrincipalType"] == "EXCLUSIVE_THING"


def test_parameters_that_the_settings_refer_to_are_declared():
    body = body_of(synthesised(with_everything))
    assert set(body["Parameters"]) == {"Serial", "Site", "AWS::IoT::Certificate::Id"}


def test_a_thing_that_exists_stays_what_it_is():
    overrides = body_of(synthesised(with_everything))["Resources"]["thing"]["OverrideSettings"]
    assert overrides == {"ThingTypeName": "DO_NOTHING", "ThingGroups": "MERGE", "AttributePayload": "MERGE"}


def test_an_empty_prefix_lets_the_role_touch_all_things_and_has_to_be_said():
    template = synthesised(lambda stack: a_fleet(stack, thing_name_prefix=""))
    assert body_of(template)["Resources"]["thing"]["Properties"]["ThingName"] == {"Ref": "SerialNumber"}
    with pytest.raises(ValueError, match="neither thing_name_prefix nor body is given"):
        FleetProvisioning(a_stack(), "Sensors")


def own_body():
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=ref("SerialNumber")),
        policies=[Policy(policy_name="own")],
    )


def test_a_body_of_ones_own_is_deployed_as_it_is():
    template = synthesised(lambda stack: FleetProvisioning(stack, "Sensors", body=own_body()))
    assert body_of(template) == own_body().document


def test_a_body_and_settings_of_a_thing_contradict_each_other():
    with pytest.raises(ValueError, match="body and thing_name_prefix, thing_groups are given"):
        a_fleet(a_stack(), body=own_body(), thing_groups=["sensors"])


def test_every_piece_can_be_brought_along():
    def define(stack):
        devices = DeviceAllowList(stack, "OwnDevices")
        a_fleet(
            stack,
            role=iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own"),
            hook=PreProvisioningHook.allow_list(stack, "OwnHook", devices),
            device_policy=DevicePolicy(stack, "OwnPolicy", policy_name="own-policy"),
            claim_certificate_arn=CERTIFICATE_ARN,
        )

    template = synthesised(define)
    assert properties(template, TEMPLATE)["ProvisioningRoleArn"] == "arn:aws:iam::111122223333:role/own"
    assert body_of(template)["Resources"]["policy"]["Properties"]["PolicyName"] == "own-policy"
    template.resource_count_is("AWS::DynamoDB::Table", 1)
    template.resource_count_is("AWS::Lambda::Function", 2)
    template.resource_count_is("AWS::SecretsManager::Secret", 0)


def test_an_allow_list_of_ones_own_is_what_the_hook_decides_by():
    stack = a_stack()
    devices = DeviceAllowList(stack, "OwnDevices")
    assert a_fleet(stack, device_allow_list=devices).device_allow_list is devices


def test_a_hook_and_an_allow_list_contradict_each_other():
    stack = a_stack()
    devices = DeviceAllowList(stack, "OwnDevices")
    hook = PreProvisioningHook.allow_list(stack, "OwnHook", devices)
    with pytest.raises(ValueError, match="device_allow_list would have no effect, because hook is given"):
        a_fleet(stack, hook=hook, device_allow_list=devices)


def test_settings_of_the_library_hook_are_refused_together_with_a_hook():
    stack = a_stack()
    hook = PreProvisioningHook.allow_list(stack, "OwnHook", DeviceAllowList(stack, "OwnDevices"))
    topic = actions.SnsAction(sns.Topic(stack, "Topic"))
    with pytest.raises(ValueError, match="reprovisioning, alarm_actions would have no effect"):
        a_fleet(stack, hook=hook, reprovisioning=3, alarm_actions=[topic])


def test_a_hook_that_reads_another_parameter_than_devices_send_is_refused():
    stack = a_stack()
    devices = DeviceAllowList(stack, "OwnDevices")
    hook = PreProvisioningHook.allow_list(stack, "OwnHook", devices, serial_number_parameter="Serial")
    with pytest.raises(ValueError, match="is SerialNumber, but the hook reads Serial: give"):
        a_fleet(stack, hook=hook)


def test_a_customer_key_still_encrypts_the_table_when_the_claim_certificate_is_brought_along():
    def define(stack):
        key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
        a_fleet(stack, claim_certificate_arn=CERTIFICATE_ARN, encryption_key=key)

    encryption = properties(synthesised(define), "AWS::DynamoDB::Table")["SSESpecification"]
    assert encryption["KMSMasterKeyId"] == "arn:aws:kms:eu-west-1:111122223333:key/1"


def test_the_secure_default_takes_at_most_ten_lines():
    lines = Path("examples/quickstart.py").read_text().splitlines()
    assert len([line for line in lines if line.strip()]) <= 10


def test_a_hook_with_a_function_of_its_own_has_no_allow_list():
    stack = a_stack()
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:decide"
    function = lambda_.Function.from_function_arn(stack, "Function", arn)
    fleet = a_fleet(stack, hook=PreProvisioningHook.from_function(stack, "OwnHook", function))
    with pytest.raises(ValueError, match="has no allow list"):
        _ = fleet.device_allow_list


def test_defaults_match_the_snapshot(snapshot):
    assert readable(synthesised(a_fleet)) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert readable(synthesised(with_everything)) == snapshot
