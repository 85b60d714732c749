"""A deployed fleet that is changed, breaks, is mended and goes, without a manual step."""

import json
from contextlib import contextmanager

import pytest

from device_provisioning.aws_iot import FleetTemplate, Parameter, Policy, Thing, join, ref
from device_provisioning.cdk import ListedDevice
from tests.support.detaching import once_detached
from tests.support.fleets import deploy
from tests.support.inventories import inventory
from tests.support.raw_mqtt import accepts
from workshop import cloud_assembly
from workshop.cloud_assembly import DeploymentFailed
from workshop.demo.remnants import remnants
from workshop.device import Rejected
from workshop.emulator import Emulator

pytestmark = pytest.mark.timeout(600)

DENIES = "def handler(event, context): return {'allowProvisioning': False, 'parameterOverrides': {}}"
ALLOWS = "def handler(event, context): return {'allowProvisioning': True, 'parameterOverrides': {}}"


@pytest.fixture(scope="module")
def own_emulator():
    """An emulator that no other test has left anything in."""
    with Emulator() as running:
        yield running


@pytest.fixture(scope="module")
def own_enforcing_emulator():
    with Emulator(enforce_iam=True) as running:
        yield running


@contextmanager
def deployments(emulator, folder):
    """Deploy the one stack of an emulator, anew or as an update; it goes afterwards and leaves nothing."""
    versions = []

    def deploy_version(**settings):
        versions.append(settings)
        return deploy(emulator, folder / str(len(versions)), **settings)

    yield deploy_version
    fleet = deploy_version()
    let_the_revocation_find_and_detach(emulator)
    cloud_assembly.destroy(emulator, "Fleet")
    assert remnants(emulator, fleet.table_name) == []
    for thing in fleet.things():
        once_detached(emulator.client("iot").delete_thing, thingName=thing)


def let_the_revocation_find_and_detach(emulator):
    """AWS authorises these on the policy and on the certificate, the emulator on other resources."""
    iam = emulator.client("iam")
    actions = ["iot:ListTargetsForPolicy", "iot:DetachThingPrincipal"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (role,) = [r["RoleName"] for r in iam.list_roles()["Roles"] if "DevicePolicy" in r["RoleName"]]
    iam.put_role_policy(RoleName=role, PolicyName="Emulator", PolicyDocument=document)


@pytest.fixture
def deployed(own_emulator, tmp_path):
    with deployments(own_emulator, tmp_path) as deploy_version:
        yield deploy_version


def test_with_enforced_iam_a_fleet_is_deployed_changed_switched_off_and_on_and_destroyed(
    own_enforcing_emulator, tmp_path
):
    with deployments(own_enforcing_emulator, tmp_path) as deployed:
        assert deployed().provision(deployed().a_serial_number()).thing_name
        fleet = deployed(device_configuration={"topic": "v2"})
        assert fleet.provision(fleet.a_serial_number()).device_configuration == {"topic": "v2"}
        with pytest.raises(Rejected):
            deployed(enabled=False).provision(fleet.a_serial_number())
        fleet = deployed(declared=[ListedDevice(serial_number="A")])
        assert fleet.provision("A").thing_name == "sensor-A"


def test_a_changed_body_applies_to_the_next_device_and_keeps_the_claim_certificate(deployed):
    before = deployed()
    after = deployed(device_configuration={"topic": "v2"})
    assert after.template_name == before.template_name
    assert after.claim == before.claim
    assert after.provision(after.a_serial_number()).device_configuration == {"topic": "v2"}


def test_a_body_may_change_more_often_than_aws_iot_keeps_versions(deployed):
    for number in range(7):
        fleet = deployed(device_configuration={"topic": f"v{number}"})
    assert fleet.provision(fleet.a_serial_number()).device_configuration == {"topic": "v6"}


def test_a_template_is_switched_off_and_on_again(deployed):
    serial_number = deployed().a_serial_number()
    with pytest.raises(Rejected):
        deployed(enabled=False).provision(serial_number)
    assert deployed(enabled=True).provision(serial_number).thing_name


def test_a_change_that_fails_is_rolled_back_to_the_fleet_that_was_there(deployed, own_emulator):
    fleet = deployed(declared=[ListedDevice(serial_number="A"), ListedDevice(serial_number="B")])
    assert fleet.provision("A").device_configuration["topic"] == "dt"
    before = inventory(own_emulator)
    with pytest.raises(DeploymentFailed, match="Last"):
        deployed(
            declared=[ListedDevice(serial_number="C")],
            device_configuration={"topic": "v2"},
            deciding_code=ALLOWS,
            enabled=False,
            last_fails=True,
        )
    assert inventory(own_emulator) == before
    assert fleet.refusal("A")[0] == "already provisioned"
    assert fleet.refusal("C")[0] == "not on the allow list"
    assert fleet.provision("B").device_configuration["topic"] == "dt"


def test_a_changed_hook_decides_about_the_next_device(deployed):
    fleet = deployed()
    serial_number = fleet.a_serial_number()
    assert fleet.provision(serial_number).thing_name
    fleet = deployed(deciding_code=DENIES)
    with pytest.raises(Rejected):
        fleet.provision(fleet.a_serial_number())
    fleet = deployed(deciding_code=ALLOWS)
    assert fleet.provision("anybody").thing_name
    fleet = deployed()
    assert fleet.provision(fleet.a_serial_number()).thing_name
    assert fleet.refusal(serial_number)[0] == "already provisioned"


def test_declared_devices_follow_the_code_and_used_up_ones_stay_used_up(deployed):
    fleet = deployed(declared=[ListedDevice(serial_number="A"), ListedDevice(serial_number="B")])
    assert fleet.provision("A").thing_name == "sensor-A"
    plant = ListedDevice(serial_number="C", parameter_overrides={"Site": "plant7"})
    fleet = deployed(declared=[ListedDevice(serial_number="A", blocked=False), plant])
    assert fleet.refusal("A")[0] == "already provisioned"
    assert fleet.refusal("B")[0] == "not on the allow list"
    assert fleet.groups(fleet.provision("C").thing_name) == {"sensors", "plant7"}


def body_with_policy(name):
    return FleetTemplate(
        parameters={"SerialNumber": Parameter(), "Site": Parameter()},
        thing=Thing(thing_name=join("", ["sensor-", ref("SerialNumber")])),
        policies=[Policy(policy_name=name)],
    )


def test_a_body_with_a_missing_policy_uses_no_serial_number_up_and_is_mended_by_an_update(deployed):
    fleet = deployed(body=body_with_policy("missing"))
    serial_number = fleet.a_serial_number()
    before = fleet.certificates()
    with pytest.raises(Rejected):
        fleet.provision(serial_number)
    obtained = fleet.judged_since(before)
    assert fleet.decision(obtained)["decision"] == "allowed"
    assert fleet.certificate_status(obtained) == "PENDING_ACTIVATION"
    fleet = deployed()
    fleet.let_settle(serial_number)
    assert fleet.provision(serial_number).thing_name == f"sensor-{serial_number}"
    assert fleet.refusal(serial_number)[0] == "already provisioned"


def test_a_stack_with_devices_in_the_field_is_destroyed_and_they_cannot_connect_any_more(
    own_emulator, tmp_path
):
    with deployments(own_emulator, tmp_path) as deployed:
        fleet = deployed()
        devices = [fleet.provision(fleet.a_serial_number()) for _ in range(3)]
        for device in devices:
            assert accepts(fleet.broker, device.credentials, device.thing_name)
    for device in devices:
        assert not accepts(fleet.broker, device.credentials, device.thing_name)
