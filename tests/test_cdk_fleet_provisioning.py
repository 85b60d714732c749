"""Fleet provisioning in one construct, on AWS CDK."""

import json
from pathlib import Path

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, ref
from device_provisioning.cdk import (
    CertificateSource,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    ListedDevice,
    PayloadFormat,
    PreProvisioningHook,
    Reprovisioning,
)
from device_provisioning.fleet.functions import PRE_PROVISIONING_HOOK, RETIREMENT, ROTATION_HOOK
from tests.support.synthesis import a_stack, own_part, properties, synthesised

TEMPLATE = "AWS::IoT::ProvisioningTemplate"
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64
MAC_ADDRESS = "[0-9A-F]{2}(:[0-9A-F]{2}){5}"


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
        serial_number_pattern=MAC_ADDRESS,
        template_name="sensors",
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        reprovisioning=Reprovisioning.ALLOW,
        encryption_key=key,
        certificate_sources=[CertificateSource.CREATE_FROM_CSR],
        payload_formats=[PayloadFormat.CBOR],
        claim_client_id_patterns=["factory-*"],
    )


def a_hook():
    return {"Properties": {"Handler": PRE_PROVISIONING_HOOK.handler}}


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
        "AWS::CloudWatch::Alarm": 0,
    }.items():
        template.resource_count_is(resource_type, number)


def test_the_pieces_agree_on_names():
    fleet = a_fleet(stack := a_stack())
    body = fleet.template.body.document
    assert body["Resources"]["policy"]["Properties"]["PolicyName"] == fleet.device_policy.policy_name
    assert fleet.hook.device_allow_list is fleet.device_allow_list
    assert fleet.template.template_name in json.dumps(stack.resolve(fleet.claim.policy.policy_document))
    assert fleet.role is fleet.template.role


@pytest.mark.parametrize(
    ("settings", "stays"),
    [({}, "RetainExceptOnCreate"), ({"log_removal_policy": RemovalPolicy.DESTROY}, "Delete")],
)
def test_the_logs_of_hooks_stay_unless_they_are_to_be_destroyed(settings, stays):
    template = synthesised(lambda stack: a_fleet(stack, rotation_template_name="rotation", **settings))
    policies = {
        name.rpartition("LogGroup")[0]: group["DeletionPolicy"]
        for name, group in template.find_resources("AWS::Logs::LogGroup").items()
    }
    assert policies == {
        "DeviceProvisioningCaretaker": "Delete",
        "SensorsHookAllowListHook": stays,
        "SensorsRotationHookFunction": stays,
        "SensorsRotationRetirement": "Delete",
    }


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


def test_every_piece_can_be_your_own():
    def define(stack):
        devices = DeviceAllowList(stack, "OwnDevices")
        a_fleet(
            stack,
            role=iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own"),
            hook=PreProvisioningHook(stack, "OwnHook", device_allow_list=devices),
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
    hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=devices)
    with pytest.raises(ValueError, match="device_allow_list would have no effect, because hook is given"):
        a_fleet(stack, hook=hook, device_allow_list=devices)


def test_alarms_on_denied_devices_and_failed_registrations_notify_whom_is_given():
    def with_actions(stack):
        a_fleet(stack, alarm_actions=[actions.SnsAction(sns.Topic(stack, "Topic"))])

    alarms = synthesised(with_actions).find_resources("AWS::CloudWatch::Alarm").values()
    watched = {alarm["Properties"]["MetricName"]: alarm["Properties"]["Namespace"] for alarm in alarms}
    assert watched == {
        **dict.fromkeys(("Errors", "Throttles", "Duration"), "AWS/Lambda"),
        **dict.fromkeys(("Denied", "DeniedAsProvisioned"), "DeviceProvisioning"),
        "RegisterThingFailed": "AWS/IoT",
    }
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)


def test_without_actions_there_are_no_alarms():
    synthesised(a_fleet).resource_count_is("AWS::CloudWatch::Alarm", 0)


def test_settings_of_the_library_hook_are_refused_together_with_a_hook():
    stack = a_stack()
    hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=DeviceAllowList(stack, "OwnDevices"))
    topic = actions.SnsAction(sns.Topic(stack, "Topic"))
    with pytest.raises(ValueError, match="reprovisioning, alarm_actions would have no effect"):
        a_fleet(stack, hook=hook, reprovisioning=3, alarm_actions=[topic])


def test_serial_numbers_of_another_form_are_a_setting_of_the_fleet():
    def define(stack, serial_number="AA:BB:CC:DD:EE:FF"):
        fleet = a_fleet(stack, serial_number_pattern=MAC_ADDRESS)
        fleet.device_allow_list.add_devices([ListedDevice(serial_number=serial_number)])

    variables = Match.object_like({"SERIAL_NUMBER_PATTERN": MAC_ADDRESS})
    synthesised(define).has_resource_properties(
        "AWS::Lambda::Function", {"Environment": {"Variables": variables}}
    )
    with pytest.raises(Exception, match="device A-1 is listed, but the hook's serial_number_pattern"):
        synthesised(lambda stack: define(stack, "A-1"))


def test_serial_numbers_that_no_thing_can_be_named_after_are_refused_or_warned_of():
    with pytest.raises(ValueError, match=r"DP049 .*every serial number that the hook lets through"):
        a_fleet(a_stack(), serial_number_pattern="[0-9]+/[0-9]+")
    some = a_stack()
    a_fleet(some, serial_number_pattern="[0-9]+(/[0-9]+)?")
    Annotations.from_stack(some).has_warning(
        "/Stack/Sensors/Template", Match.string_like_regexp("lets the serial number '0/0' through")
    )
    a_fleet(quiet := a_stack(), serial_number_pattern=MAC_ADDRESS)
    Annotations.from_stack(quiet).has_no_warning("*", Match.any_value())


def test_a_hook_and_a_serial_number_pattern_contradict_each_other():
    stack = a_stack()
    hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=DeviceAllowList(stack, "OwnDevices"))
    with pytest.raises(ValueError, match="serial_number_pattern would have no effect, because hook is given"):
        a_fleet(stack, hook=hook, serial_number_pattern=MAC_ADDRESS)


def test_a_hook_that_reads_another_parameter_than_devices_send_is_refused():
    stack = a_stack()
    devices = DeviceAllowList(stack, "OwnDevices")
    hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=devices, serial_number_parameter="Serial")
    with pytest.raises(ValueError, match="the hook reads Serial, which the body does not declare"):
        a_fleet(stack, hook=hook)


def test_what_groups_and_attributes_refer_to_comes_from_the_list_only():
    def listed(**settings):
        template = synthesised(lambda stack: a_fleet(stack, thing_groups=[ref("Site")], **settings))
        functions = template.find_resources("AWS::Lambda::Function", a_hook()).values()
        (variables,) = [function["Properties"]["Environment"]["Variables"] for function in functions]
        return variables["LISTED_PARAMETERS"]

    assert listed() == '["Site"]'
    assert listed(device_parameters=["Site"]) == "[]"
    with pytest.raises(ValueError, match="device_parameters has Sit, which no resource"):
        listed(device_parameters=["Sit"])


def test_a_hook_that_lets_devices_choose_their_groups_is_refused_unless_they_may():
    def define(listed=(), **settings):
        stack = a_stack()
        devices = DeviceAllowList(stack, "OwnDevices")
        hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=devices, listed_parameters=listed)
        a_fleet(stack, hook=hook, thing_groups=[ref("Site")], **settings)

    define(listed=["Site"])
    define(device_parameters=["Site"])
    with pytest.raises(ValueError, match="the hook lets a device choose Site, which its thing is made of"):
        define()


def test_devices_that_replace_their_certificates_do_so_under_the_same_list():
    def define(stack):
        key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
        fleet = a_fleet(stack, rotation_template_name="rotation", encryption_key=key)
        assert fleet.rotation.template.template_name == "rotation"

    template = synthesised(define)
    (table,) = template.find_resources("AWS::DynamoDB::Table")
    for function in (ROTATION_HOOK, RETIREMENT):
        by_handler = {"Properties": {"Handler": function.handler}}
        (found,) = template.find_resources("AWS::Lambda::Function", by_handler).values()
        assert found["Properties"]["Environment"]["Variables"] == {
            "ALLOW_LIST_TABLE_NAME": {"Ref": table},
            "THING_NAME_PREFIX": "sensor-",
        }
    policies = template.find_resources("AWS::IoT::Policy").values()
    assert sum("provisioning-templates/rotation/provision" in json.dumps(policy) for policy in policies) == 1


def test_devices_replace_their_certificates_as_they_obtain_their_first():
    def define(stack):
        own = {"certificate_sources": ["create-from-csr"], "payload_formats": ["cbor"]}
        return a_fleet(stack, rotation_template_name="rotation", **own)

    fleet = define(stack := a_stack())
    policy = json.dumps(stack.resolve(fleet.device_policy.node.default_child.policy_document))
    assert "create-from-csr/cbor" in policy
    assert "create/json" not in policy


def test_a_policy_of_ones_own_serves_the_rotation_too():
    policy = DevicePolicy(stack := a_stack(), "Policy", rotation_template_name="rotation")
    fleet = a_fleet(stack, device_policy=policy, rotation_template_name="rotation")
    body = fleet.rotation.template.body.document
    assert body["Resources"]["policy"]["Properties"]["PolicyName"] == policy.policy_name


@pytest.mark.parametrize("own", ["body", "hook"])
def test_a_rotation_without_a_prefix_or_a_list_of_the_fleet_is_refused(own):
    stack = a_stack()
    hook = PreProvisioningHook(stack, "OwnHook", device_allow_list=DeviceAllowList(stack, "OwnDevices"))
    given = {"hook": hook} if own == "hook" else {"body": own_body(), "thing_name_prefix": None}
    with pytest.raises(ValueError, match=f"rotation_template_name can't be combined with {own}: leave"):
        a_fleet(stack, rotation_template_name="rotation", **given)


def test_a_customer_key_still_encrypts_the_table_when_the_claim_certificate_is_your_own():
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
    fleet = a_fleet(stack, hook=PreProvisioningHook(stack, "OwnHook", function=function))
    with pytest.raises(ValueError, match="has no allow list"):
        _ = fleet.device_allow_list


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_fleet, FleetProvisioning) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, FleetProvisioning) == snapshot
