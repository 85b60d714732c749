"""The allow list on Pulumi."""

import pulumi_aws as aws
import pytest
from pulumi_program import ran

from device_provisioning.pulumi import DeviceAllowList, RemovalPolicy

DEVICES = [
    {"serial_number": "B", "blocked": True},
    {"serial_number": "A", "parameter_overrides": {"Site": "lab"}, "expires_at": 4102444800.0},
]


def a_list(**settings):
    return DeviceAllowList("devices", settings)


def with_everything():
    key = aws.kms.Key.get("key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    a_list(encryption_key=key, removal_policy=RemovalPolicy.DESTROY, devices=DEVICES)


def own_table():
    return aws.dynamodb.Table.get("own", "own-devices")


def test_the_table_is_on_demand_encrypted_recoverable_and_retained():
    program = ran(a_list)
    table = program.only("Table")
    assert table["hashKey"] == "serial_number"
    assert table["attributes"] == [{"name": "serial_number", "type": "S"}]
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["serverSideEncryption"] == {"enabled": True}
    assert table["pointInTimeRecovery"] == {"enabled": True}
    assert program.named("devices-table")["options"]["retainOnDelete"] is True


def test_the_table_goes_with_the_stack_when_told():
    assert "retainOnDelete" not in ran(with_everything).named("devices-table")["options"]


def test_a_table_of_ones_own_is_used_and_none_is_created():
    program = ran(lambda: a_list(table=own_table(), devices=DEVICES))
    assert not program.all("Table")
    assert program.only("ListedDevices")["table_name"] == "own"


def test_settings_of_the_created_table_are_refused_for_ones_own():
    with pytest.raises(ValueError, match="but table is given: set them on your table"):
        ran(lambda: a_list(table=own_table(), removal_policy=RemovalPolicy.DESTROY))


def test_declared_devices_are_ordered_and_typed():
    assert ran(with_everything).only("ListedDevices")["devices"] == [
        {"serial_number": "A", "parameter_overrides": {"Site": "lab"}, "expires_at": 4102444800},
        {"serial_number": "B", "blocked": True},
    ]


def test_no_records_are_kept_in_step_when_no_device_is_declared():
    assert not ran(lambda: a_list(devices=[])).all("ListedDevices")


def test_a_device_that_is_declared_twice_is_refused():
    with pytest.raises(ValueError, match="listed twice: B"):
        ran(lambda: a_list(devices=[DEVICES[0], DEVICES[0]]))


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_defaults_match_the_snapshot(snapshot, preview):
    assert ran(a_list, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_everything_set_matches_the_snapshot(snapshot, preview):
    assert ran(with_everything, preview=preview).snapshot() == snapshot
