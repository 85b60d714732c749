"""What an earlier release deployed, updated by this one: it stays, and so do its devices."""

import json

import pytest
from pulumi.automation import Deployment, OpType

from device_provisioning.lambdas.custom_resources.provisioned_certificates import revoke_holders
from tests.support import earlier_releases
from tests.support.earlier_releases import FIRST, LATER, RELEASES, STACK, STATE
from tests.support.fleets import DeployedFleet
from tests.support.inventories import inventory
from tests.support.needing_engine import changes, needs_engine
from tests.support.replayed_state import replaying
from workshop import cloud_assembly
from workshop.demo.remnants import remnants
from workshop.device import Rejected, send_to_itself
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

VERSIONS = sorted(path.stem for path in RELEASES.glob("*.zip"))
KEPT = (
    "AWS::DynamoDB::Table",
    "AWS::IoT::Policy",
    "AWS::IoT::ProvisioningTemplate",
    "AWS::Logs::LogGroup",
    "AWS::SecretsManager::Secret",
)
"""What devices, or those who look after them, know by its name, or what holds data."""
OF_DEVICES = ("iot things", "iot certificates")
SECONDS = 60
pytestmark = pytest.mark.timeout(600)


def resources(assembly):
    return json.loads((assembly / f"{STACK}.template.json").read_text())["Resources"]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_devices_know_and_what_holds_data_is_the_same_resource(version, tmp_path):
    before = resources(earlier_releases.unpacked(version, tmp_path) / "cdk.out")
    after = resources(earlier_releases.synthesise(tmp_path / "today"))
    kept = {name for name, resource in before.items() if resource["Type"] in KEPT}
    assert {before[name]["Type"] for name in kept} >= set(KEPT)
    assert {name: before[name]["Type"] for name in kept} == {
        name: after.get(name, {}).get("Type") for name in kept
    }


def enrolled(fleet, serial_number):
    return fleet.provision(serial_number, Site=None)


def goes_on(before, after, device):
    """The fleet is the same to the device that enrolled before, and to one that comes later."""
    assert (after.template_name, after.table_name) == (before.template_name, before.table_name)
    assert after.claim == before.claim
    topic = f"dt/{device.thing_name}/temperature"
    assert send_to_itself(after.broker, device.credentials, device.thing_name, topic) > 0
    with pytest.raises(Rejected):
        enrolled(after, FIRST)
    assert enrolled(after, LATER).thing_name == f"sensor-{LATER}"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_fleet_of_an_earlier_release_is_updated_and_its_devices_go_on(version, tmp_path):
    with Emulator() as emulator:
        old = earlier_releases.unpacked(version, tmp_path) / "cdk.out"
        before = DeployedFleet.from_outputs(emulator, cloud_assembly.deploy(emulator, old, STACK))
        device = enrolled(before, FIRST)

        new = earlier_releases.synthesise(tmp_path / "new", [FIRST, LATER])
        after = DeployedFleet.from_outputs(emulator, cloud_assembly.deploy(emulator, new, STACK))

        goes_on(before, after, device)

        cloud_assembly.destroy(emulator, STACK)
        assert remnants(emulator, after.table_name) == []


@needs_engine
@pytest.mark.parametrize("version", VERSIONS)
def test_a_state_of_an_earlier_release_is_changed_in_place(version, emulator, tmp_path):
    stack = stack_of(FLEET, emulator, tmp_path, program=earlier_releases.program)
    state = json.loads((earlier_releases.unpacked(version, tmp_path) / STATE).read_text())
    stack.import_stack(Deployment(version=3, deployment=state))
    planned = stack.preview().change_summary
    assert planned[OpType.SAME] > 10
    assert changes(planned).keys() <= {"update"}


def deployed_by(stack, emulator):
    """The fleet of a stack, and what of it outlives the stack."""
    custom = [entry for entry in stack.export_stack().deployment["resources"] if entry["custom"]]
    ids = {entry["type"]: entry["id"] for entry in custom}
    outputs = {
        "TemplateName": stack.outputs()["TemplateName"].value,
        "ClaimCertificateSecretArn": ids["aws:secretsmanager/secret:Secret"],
        "DeviceAllowListTableName": ids["aws:dynamodb/table:Table"],
    }
    retained = {entry["id"] for entry in custom if entry.get("retainOnDelete")}
    return DeployedFleet.from_outputs(emulator, outputs), retained


@pytest.mark.exhaustive
@needs_engine
@pytest.mark.parametrize("version", VERSIONS)
def test_a_fleet_of_an_earlier_release_is_updated_by_pulumi_and_its_devices_go_on(version, tmp_path):
    kept = earlier_releases.unpacked(version, tmp_path / "kept")
    state = json.loads((kept / STATE).read_text())
    with Emulator() as emulator:
        old = stack_of(FLEET, emulator, tmp_path, program=replaying(state, kept / "cdk.out"))
        old.up()
        assert urns(old.export_stack().deployment) == urns(state)
        before, retained = deployed_by(old, emulator)
        device = enrolled(before, FIRST)

        new = stack_of(FLEET, emulator, tmp_path, program=lambda: earlier_releases.program([FIRST, LATER]))
        assert changes(new.preview().change_summary).keys() == {"update"}
        assert changes(new.up().summary.resource_changes).keys() == {"update"}
        after, still_retained = deployed_by(new, emulator)
        assert still_retained == retained
        goes_on(before, after, device)

        # Pulumi deletes no policy that devices hold.
        (policy,) = after.policies(device.certificate_id)
        revoke_holders(emulator.client("iot"), policy, lambda: SECONDS)
        new.destroy()
        left = [line for line in inventory(emulator) if not line.startswith(OF_DEVICES)]
        assert {line.partition(": ")[2] for line in left} == retained


def urns(deployment):
    return {entry["urn"] for entry in deployment["resources"]}
