"""The pre-provisioning hook on Pulumi."""

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import DeviceAllowList, PreProvisioningHook
from tests.support.pulumi_program import ran

LINE_4 = "arn:aws:kms:eu-west-1:111122223333:key/4"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def by_list(**settings):
    devices = DeviceAllowList("devices")
    return PreProvisioningHook("hook", {"device_allow_list": devices.table, **settings})


def with_everything():
    return by_list(
        encryption_key=aws.kms.Key.get("key", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        reprovisioning="2",
        serial_number_parameter="Serial",
        serial_number_pattern="[0-9]{8}",
        reservation_seconds=60,
        listed_parameters=["Site"],
        attestation={"derived_keys": {"line-4": aws.kms.Key.get("line-4", LINE_4)}},
        log_retention_days=30,
        log_removal_policy="DESTROY",
        reserved_concurrent_executions=20,
        alarm_actions=[TOPIC],
    )


def a_function(seconds=None):
    return aws.lambda_.Function(
        "decide",
        runtime="python3.14",
        handler="index.handler",
        code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("")}),
        role="arn:aws:iam::111122223333:role/decide",
        timeout=seconds,
    )


def test_the_function_has_the_five_seconds_that_aws_iot_waits():
    assert ran(by_list).only("Function")["timeout"] == 5


def test_by_default_a_used_up_serial_number_never_registers_again():
    assert ran(by_list).only("Function")["environment"]["variables"]["REPROVISIONING"] == "NEVER"


def test_settings_become_the_functions_environment():
    assert ran(with_everything).only("Function")["environment"]["variables"] == {
        "ALLOW_LIST_TABLE_NAME": "devices-table",
        "ATTESTATION": {"derived_keys": {"line-4": LINE_4}, "signing_keys": {}},
        "LISTED_PARAMETERS": ["Site"],
        "METRICS_NAMESPACE": "DeviceProvisioning",
        "REPROVISIONING": "2",
        "RESERVATION_SECONDS": "60",
        "SERIAL_NUMBER_PARAMETER": "Serial",
        "SERIAL_NUMBER_PATTERN": "[0-9]{8}",
    }


def test_the_function_may_only_reserve_records_bind_certificates_ask_for_certificates_and_write_its_log():
    statements = ran(by_list).only("RolePolicy")["policy"]["Statement"]
    assert [statement["Sid"] for statement in statements] == [
        "Reservation",
        "Binding",
        "Batches",
        "CertificateStates",
        "Logs",
    ]


def test_a_customer_key_of_the_table_can_be_used():
    statements = {s["Sid"]: s for s in ran(with_everything).only("RolePolicy")["policy"]["Statement"]}
    assert statements["TableKey"]["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/1"


def test_log_lines_are_kept_as_long_as_set():
    assert ran(by_list).only("LogGroup")["retentionInDays"] == 365
    assert ran(with_everything).only("LogGroup")["retentionInDays"] == 30


def test_the_log_is_the_audit_trail_and_stays_unless_it_is_to_be_destroyed():
    group = ran(by_list).named("hook-allow-list-hook-log-group")
    assert group["options"]["retainOnDelete"] is True
    assert "name" not in group["inputs"]
    group = ran(with_everything).named("hook-allow-list-hook-log-group")
    assert "retainOnDelete" not in group["options"]


def test_errors_throttles_and_slow_answers_raise_an_alarm():
    alarms = ran(with_everything).all("MetricAlarm").values()
    assert {alarm["metricName"] for alarm in alarms} == {"Errors", "Throttles", "Duration"}
    assert all(alarm["alarmActions"] == [TOPIC] for alarm in alarms)


def test_the_function_exists_only_once_it_may_do_its_work():
    awaited = ran(by_list).named("hook-allow-list-hook-function")["dependencies"]
    assert any(urn.endswith("::hook-allow-list-hook-role-permissions") for urn in awaited)


def test_a_function_of_ones_own_gets_the_alarms_and_no_other_function_is_made():
    settings = {"alarm_actions": [TOPIC]}
    program = ran(lambda: PreProvisioningHook("hook", {"function": a_function(5), **settings}))
    assert list(program.all("Function")) == ["decide"]
    assert len(program.all("MetricAlarm")) == 3


def test_without_anybody_to_notify_there_are_no_alarms():
    assert len(ran(by_list).all("MetricAlarm")) == 0


def test_a_function_that_outlasts_aws_iot_is_refused():
    with pytest.raises(ValueError, match="timeout of 6 seconds: AWS IoT denies after 5 seconds"):
        ran(lambda: PreProvisioningHook("hook", {"function": a_function(6)}))


def test_a_function_without_a_timeout_has_lambdas_three_seconds():
    program = ran(lambda: PreProvisioningHook("hook", {"function": a_function()}))
    assert list(program.all("Function")) == ["decide"]


def test_settings_that_a_function_of_ones_own_would_not_see_are_refused():
    with pytest.raises(ValueError, match="reprovisioning would have no effect, because function is given"):
        ran(lambda: PreProvisioningHook("hook", {"function": a_function(5), "reprovisioning": "ALLOW"}))


@pytest.mark.parametrize("given", ["none", "both"])
def test_exactly_one_decider_is_needed(given):
    def define():
        table = DeviceAllowList("devices").table
        both = {"device_allow_list": table, "function": a_function()}
        PreProvisioningHook("hook", both if given == "both" else {})

    with pytest.raises(ValueError, match=f"give exactly one of device_allow_list .* given: {given}"):
        ran(define)


def test_bad_settings_are_refused_together():
    with pytest.raises(ValueError, match="reprovisioning is SOMETIMES") as error:
        ran(lambda: by_list(reprovisioning="SOMETIMES", reservation_seconds=0))
    assert "reservation_seconds is 0: give a whole number from 10 to 3600" in str(error.value)


def test_defaults_match_the_snapshot(snapshot):
    assert ran(by_list).own_part(PreProvisioningHook) == snapshot
    assert ran(by_list, preview=True).asked() == ran(by_list).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(PreProvisioningHook) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
