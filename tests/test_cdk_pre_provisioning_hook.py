"""The pre-provisioning hook on AWS CDK."""

import pytest
from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match

from device_provisioning.cdk import (
    Attestation,
    DeviceAllowList,
    ListedDevice,
    PreProvisioningHook,
    Reprovisioning,
)
from tests.support.synthesis import a_stack, only, own_part, properties, synthesised

LINE_4 = "arn:aws:kms:eu-west-1:111122223333:key/4"
FUNCTION = "AWS::Lambda::Function"


def by_list(stack, **settings):
    return PreProvisioningHook(stack, "Hook", device_allow_list=DeviceAllowList(stack, "Devices"), **settings)


def on_call(stack):
    return actions.SnsAction(
        sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:alarms")
    )


def with_everything(stack):
    return by_list(
        stack,
        reprovisioning=2,
        serial_number_parameter="Serial",
        serial_number_pattern="[0-9]{8}",
        reservation_seconds=60,
        listed_parameters=["Site"],
        attestation=Attestation(derived_keys={"line-4": kms.Key.from_key_arn(stack, "Line4", LINE_4)}),
        log_retention=logs.RetentionDays.ONE_MONTH,
        log_removal_policy=RemovalPolicy.DESTROY,
        reserved_concurrent_executions=20,
        alarm_actions=[on_call(stack)],
    )


def a_function(stack, seconds=None):
    return lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return {}"),
        timeout=Duration.seconds(seconds) if seconds else None,
    )


def test_the_function_has_the_five_seconds_that_aws_iot_waits():
    assert properties(synthesised(by_list), FUNCTION)["Timeout"] == 5


def test_by_default_a_used_up_serial_number_never_registers_again():
    variables = properties(synthesised(by_list), FUNCTION)["Environment"]["Variables"]
    assert variables["REPROVISIONING"] == "NEVER"


def test_settings_become_the_functions_environment():
    variables = properties(synthesised(with_everything), FUNCTION)["Environment"]["Variables"]
    variables.pop("ALLOW_LIST_TABLE_NAME")
    assert variables == {
        "ATTESTATION": f'{{"derived_keys":{{"line-4":"{LINE_4}"}},"signing_keys":{{}}}}',
        "LISTED_PARAMETERS": '["Site"]',
        "METRICS_NAMESPACE": "DeviceProvisioning",
        "REPROVISIONING": "2",
        "RESERVATION_SECONDS": "60",
        "SERIAL_NUMBER_PARAMETER": "Serial",
        "SERIAL_NUMBER_PATTERN": "[0-9]{8}",
    }


def test_the_function_may_only_reserve_records_bind_certificates_ask_for_certificates_and_write_its_log():
    role = properties(synthesised(by_list), "AWS::IAM::Role")
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert [statement["Sid"] for statement in statements] == [
        "Reservation",
        "Binding",
        "Batches",
        "CertificateStates",
        "Logs",
    ]
    assert "ManagedPolicyArns" not in role


def test_a_customer_key_of_the_table_can_be_used():
    def define(stack):
        key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
        devices = DeviceAllowList(stack, "Devices", encryption_key=key)
        PreProvisioningHook(stack, "Hook", device_allow_list=devices)

    role = properties(synthesised(define), "AWS::IAM::Role")
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert statements["TableKey"]["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/1"


def test_log_lines_are_kept_as_long_as_set():
    assert properties(synthesised(by_list), "AWS::Logs::LogGroup")["RetentionInDays"] == 365
    assert properties(synthesised(with_everything), "AWS::Logs::LogGroup")["RetentionInDays"] == 30


def test_the_log_is_the_audit_trail_and_stays_unless_it_is_to_be_destroyed():
    group = only(synthesised(by_list), "AWS::Logs::LogGroup")
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert "LogGroupName" not in group["Properties"]
    group = only(synthesised(with_everything), "AWS::Logs::LogGroup")
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_errors_throttles_and_slow_answers_raise_an_alarm():
    template = synthesised(with_everything)
    for metric in ("Errors", "Throttles", "Duration"):
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {"MetricName": metric, "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:alarms"]},
        )
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"MetricName": "Duration", "Threshold": 4000, "Statistic": "Maximum"}
    )


def test_decisions_are_counted_by_template():
    hook = by_list(a_stack())
    for metric, name in (
        (hook.metric_allowed("sensors"), "Allowed"),
        (hook.metric_denied("sensors"), "Denied"),
        (hook.metric_denied_as_provisioned("sensors"), "DeniedAsProvisioned"),
    ):
        assert (metric.namespace, metric.metric_name) == ("DeviceProvisioning", name)
        assert metric.dimensions == {"TemplateName": "sensors"}
        assert metric.statistic == "Sum"


def test_a_function_of_ones_own_gets_the_alarms_and_no_other_function_is_made():
    def define(stack):
        PreProvisioningHook(stack, "Hook", function=a_function(stack, 5), alarm_actions=[on_call(stack)])

    template = synthesised(define)
    template.resource_count_is(FUNCTION, 1)
    template.resource_count_is("AWS::CloudWatch::Alarm", 3)


def test_without_anybody_to_notify_there_are_no_alarms():
    synthesised(by_list).resource_count_is("AWS::CloudWatch::Alarm", 0)


def test_a_function_that_outlasts_aws_iot_is_refused():
    stack = a_stack()
    with pytest.raises(ValueError, match="timeout of 6 seconds: AWS IoT denies after 5 seconds"):
        PreProvisioningHook(stack, "Hook", function=a_function(stack, 6))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reprovisioning", 2),
        ("serial_number_parameter", "Serial"),
        ("serial_number_pattern", "[0-9]+"),
        ("reservation_seconds", 60),
        ("listed_parameters", ["Site"]),
        ("log_retention", logs.RetentionDays.ONE_DAY),
        ("log_removal_policy", RemovalPolicy.DESTROY),
        ("reserved_concurrent_executions", 5),
    ],
)
def test_settings_of_the_librarys_function_are_refused_together_with_a_function(name, value):
    stack = a_stack()
    with pytest.raises(ValueError, match=f"{name} would have no effect, because function is given"):
        PreProvisioningHook(stack, "Hook", function=a_function(stack), **{name: value})


def test_a_declared_device_that_the_pattern_keeps_out_stops_synthesis():
    app = App()
    stack = Stack(app, "Stack")
    devices = DeviceAllowList(stack, "Devices")
    PreProvisioningHook(stack, "Hook", device_allow_list=devices, serial_number_pattern="[0-9]+")
    devices.add_devices([ListedDevice(serial_number="1"), ListedDevice(serial_number="A-1")])
    with pytest.raises(Exception, match="device A-1 is listed, but the hook's serial_number_pattern"):
        app.synth()


def test_a_function_without_a_timeout_has_lambdas_three_seconds():
    stack = a_stack()
    assert PreProvisioningHook(stack, "Hook", function=a_function(stack)).function


@pytest.mark.parametrize("given", ["none", "both"])
def test_exactly_one_decider_is_needed(given):
    stack = a_stack()
    deciders = {}
    if given == "both":
        deciders = {"device_allow_list": DeviceAllowList(stack, "Devices"), "function": a_function(stack)}
    with pytest.raises(ValueError, match=f"give exactly one of device_allow_list .* given: {given}"):
        PreProvisioningHook(stack, "Hook", **deciders)


def test_bad_settings_are_refused_together():
    with pytest.raises(ValueError, match="reprovisioning is 0") as error:
        by_list(a_stack(), reprovisioning=0, reservation_seconds=0)
    assert "reservation_seconds is 0: give a whole number from 10 to 3600" in str(error.value)


def test_reprovisioning_can_be_allowed():
    template = synthesised(lambda stack: by_list(stack, reprovisioning=Reprovisioning.ALLOW))
    template.has_resource_properties(
        FUNCTION, {"Environment": {"Variables": Match.object_like({"REPROVISIONING": "ALLOW"})}}
    )


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(by_list, PreProvisioningHook) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, PreProvisioningHook) == snapshot
