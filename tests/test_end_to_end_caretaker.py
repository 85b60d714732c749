"""A deployed caretaker, with IAM enforced: components come, change and go, and it with the last of them."""

from contextlib import contextmanager

import pytest
from aws_cdk import App, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iot as iot

from device_provisioning.cdk import DeviceAllowList, FleetProvisioning, ListedDevice
from tests.support.inventories import inventory
from workshop import cloud_assembly
from workshop.emulator import ACCOUNT, REGION, Emulator

pytestmark = pytest.mark.timeout(600)
NOTHING = {"Version": "2012-10-17", "Statement": []}


@pytest.fixture(scope="module")
def own_emulator():
    with Emulator(enforce_iam=True) as running:
        yield running


@pytest.fixture
def deploy(own_emulator, tmp_path):
    """Deploy what a function defines as the one stack, anew or as an update; it goes afterwards."""
    versions = []

    def deploy_version(define):
        versions.append(define)
        folder = tmp_path / str(len(versions))
        app = App(outdir=str(folder))
        stack = Stack(app, "Cared", env=Environment(account=ACCOUNT, region=REGION))
        # What stays when everything else goes: a stack can't be empty.
        iot.CfnPolicy(stack, "Kept", policy_name="kept", policy_document=NOTHING)
        define(stack)
        app.synth()
        cloud_assembly.deploy(own_emulator, folder, "Cared")

    with nothing_left(own_emulator):
        yield deploy_version
        cloud_assembly.destroy(own_emulator, "Cared")


@contextmanager
def nothing_left(emulator):
    before = inventory(emulator)
    yield
    left = inventory(emulator) - before
    assert {entry for entry in left if not entry.startswith("s3 buckets")} == set()


def a_list(scope, name="Devices"):
    return DeviceAllowList(scope, name, removal_policy=RemovalPolicy.DESTROY)


def a_fleet(stack, name, *serial_numbers):
    prefix = f"{name.lower()}-"
    fleet = FleetProvisioning(
        stack,
        name,
        thing_name_prefix=prefix,
        device_allow_list=a_list(stack, f"{name}Devices"),
        log_removal_policy=RemovalPolicy.DESTROY,
    )
    fleet.device_allow_list.add_devices([ListedDevice(serial_number=number) for number in serial_numbers])
    return fleet


def tables(emulator):
    dynamodb = emulator.client("dynamodb")
    return {
        name: {item["serial_number"]["S"] for item in dynamodb.scan(TableName=name)["Items"]}
        for name in dynamodb.list_tables()["TableNames"]
    }


def certificates(emulator):
    return {entry for entry in inventory(emulator) if entry.startswith("iot certificates")}


def caretakers(emulator):
    names = [entry for entry in inventory(emulator) if "DeviceProvisioningCaretaker" in entry]
    return sorted({entry.partition(":")[0] for entry in names})


@pytest.mark.exhaustive
def test_twenty_custom_resources_are_made_changed_and_taken_away_in_one_deployment(deploy, own_emulator):
    def twenty(*serial_numbers):
        def define(stack):
            devices = [ListedDevice(serial_number=number) for number in serial_numbers]
            for number in range(20):
                a_list(stack, f"Devices{number}").add_devices(devices)

        return define

    deploy(twenty("A", "B"))
    assert list(tables(own_emulator).values()) == [{"A", "B"}] * 20
    deploy(twenty("B", "C"))
    assert list(tables(own_emulator).values()) == [{"B", "C"}] * 20
    assert caretakers(own_emulator) == ["iam roles", "lambda functions", "logs log_groups"]
    deploy(twenty())
    assert list(tables(own_emulator).values()) == [set()] * 20
    assert caretakers(own_emulator) == []


def test_what_leaves_a_fleet_is_taken_away_with_the_rights_that_it_had(deploy, own_emulator):
    deploy(lambda stack: a_fleet(stack, "Pumps", "A", "B"))
    assert list(tables(own_emulator).values()) == [{"A", "B"}]
    claim = certificates(own_emulator)
    deploy(lambda stack: a_fleet(stack, "Pumps"))
    assert list(tables(own_emulator).values()) == [set()]
    assert certificates(own_emulator) == claim
    deploy(lambda stack: a_list(stack, "PumpsDevices"))
    assert certificates(own_emulator) == set()
    assert caretakers(own_emulator) == []


def test_of_two_fleets_of_which_one_waits_for_the_other_either_may_go(deploy, own_emulator):
    def both(stack):
        a_fleet(stack, "Valves", "V").node.add_dependency(a_fleet(stack, "Pumps", "P"))

    deploy(both)
    assert len(certificates(own_emulator)) == 2
    deploy(lambda stack: a_fleet(stack, "Valves", "V"))
    assert len(certificates(own_emulator)) == 1
    assert list(tables(own_emulator).values()) == [{"V"}]
    deploy(lambda stack: a_fleet(stack, "Pumps", "P"))
    assert len(certificates(own_emulator)) == 1
    assert list(tables(own_emulator).values()) == [{"P"}]
