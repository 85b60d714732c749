"""The allow list on Pulumi."""

from pathlib import Path

import pulumi_aws as aws
import pytest

from device_provisioning.fleet.pattern_tag import pattern_tag
from device_provisioning.pulumi import (
    CertificateRotation,
    DeviceAllowList,
    DevicePolicy,
    FleetProvisioning,
    JustInTimeRegistration,
    PreProvisioningHook,
    RemovalPolicy,
)
from tests.support.pulumi_program import ran

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
    assert table["ttl"] == {"attributeName": "forget_at", "enabled": True}
    assert program.named("devices-table")["options"]["retainOnDelete"] is True


def test_the_table_goes_with_the_stack_when_set():
    assert "retainOnDelete" not in ran(with_everything).named("devices-table")["options"]


def test_a_table_of_ones_own_is_used_and_none_is_created():
    program = ran(lambda: a_list(table=own_table(), devices=DEVICES))
    assert not program.all("Table")
    assert program.only("ListedDevices")["table_name"] == "own"


def test_settings_of_the_created_table_are_refused_for_ones_own():
    with pytest.raises(ValueError, match="but table is given: set them on your table"):
        ran(lambda: a_list(table=own_table(), removal_policy=RemovalPolicy.DESTROY))


def by_list(table):
    return DeviceAllowList("devices", {"table": table})


def by_hook(table):
    return PreProvisioningHook("hook", {"device_allow_list": table})


def by_fleet(table):
    return FleetProvisioning("fleet", {"thing_name_prefix": "s-", "device_allow_list": table})


def by_rotation(table):
    policy = DevicePolicy("policy", {"rotation_template_name": "rotation"}).resource
    rotation = {"template_name": "rotation", "thing_name_prefix": "s-", "device_policy": policy}
    return CertificateRotation("rotation", {**rotation, "device_allow_list": table})


def by_registration(table):
    pem = Path("examples/ca.pem").read_text()
    registration = {"ca_certificate_pem": pem, "thing_name_prefix": "s-", "device_allow_list": table}
    return JustInTimeRegistration("registration", registration)


@pytest.mark.parametrize("use", [by_list, by_hook, by_fleet, by_rotation, by_registration])
@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"hash_key": "id"}, "the partition key id of type S: give"),
        (
            {"hash_key": "serial_number", "attributes": [{"name": "serial_number", "type": "N"}]},
            "the partition key serial_number of type N: give",
        ),
        (
            {"hash_key": "serial_number", "range_key": "site"},
            "of type S and the sort key site: give",
        ),
    ],
)
def test_a_table_with_another_key_is_refused(use, keys, problem):
    with pytest.raises(ValueError, match=problem):
        ran(lambda: use(aws.dynamodb.Table("own", **keys)))


@pytest.mark.parametrize("use", [by_list, by_hook, by_fleet, by_rotation, by_registration])
def test_a_table_with_replicas_is_refused_as_regions_do_not_see_each_others_writes(use):
    keys = {"hash_key": "serial_number", "attributes": [{"name": "serial_number", "type": "S"}]}
    replicas = [{"region_name": "us-west-2"}]
    with pytest.raises(ValueError, match="table has a replica in us-west-2: the last writer wins"):
        ran(lambda: use(aws.dynamodb.Table("own", replicas=replicas, **keys)))


def test_a_table_with_the_key_of_a_list_is_taken():
    keys = {"hash_key": "serial_number", "attributes": [{"name": "serial_number", "type": "S"}]}
    assert ran(lambda: by_fleet(aws.dynamodb.Table("own", **keys))).all("Function")


@pytest.mark.parametrize(
    ("arn", "problem"),
    [
        ("arn:aws:dynamodb:us-east-1:111122223333:table/own", "Region us-east-1, and the list in eu-west-1"),
        (
            "arn:aws:dynamodb:eu-west-1:444455556666:table/own",
            "account 444455556666, and the list in 111122223333",
        ),
    ],
)
def test_a_table_of_another_region_or_account_is_refused(arn, problem):
    with pytest.raises(ValueError, match=problem):
        ran(lambda: by_list(aws.dynamodb.Table.get("own", arn)))


def test_devices_are_checked_by_the_pattern_of_the_list_which_becomes_a_tag():
    table = ran(lambda: a_list(serial_number_pattern="[0-9]{8}")).only("Table")
    assert table["tags"] == pattern_tag(["[0-9]{8}"])
    with pytest.raises(ValueError, match="device A is listed, but the hook's serial_number_pattern"):
        ran(lambda: a_list(serial_number_pattern="[0-9]{8}", devices=DEVICES[1:]))


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


def test_a_device_that_overrides_what_belongs_to_aws_iot_is_refused():
    device = {"serial_number": "C", "parameter_overrides": {"AWS::IoT::Certificate::Id": "x"}}
    with pytest.raises(
        ValueError, match="can't override AWS::IoT::Certificate::Id, which belongs to AWS IoT"
    ):
        ran(lambda: a_list(devices=[device]))


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_list).own_part(DeviceAllowList) == snapshot
    assert ran(a_list, preview=True).asked() == ran(a_list).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(DeviceAllowList) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
