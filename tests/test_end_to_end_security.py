"""What a stolen claim certificate and a provisioned device can't do while AWS IoT policies are enforced."""

import json

import pytest
from awscrt import mqtt
from awscrt.exceptions import AwsCrtError

from device_provisioning.local.device import Credentials, Rejected, connected, provision, send_to_itself

pytestmark = pytest.mark.xdist_group("enforced_fleet")
QOS = mqtt.QoS.AT_LEAST_ONCE
# AWS IoT does not answer what is forbidden: so long has to be enough for "no".
SECONDS, PATIENT_SECONDS = 2, 15


@pytest.fixture(scope="module")
def fleet(enforced_fleet):
    return enforced_fleet


@pytest.fixture(scope="module")
def device(fleet):
    return fleet.provision(fleet.a_serial_number())


def may_publish(fleet, credentials, client_id, topic, seconds=SECONDS):
    """Whether a message gets through: AWS IoT hangs up on a device that may not."""
    try:
        with connected(fleet.broker, credentials, client_id) as connection:
            connection.publish(topic, b"{}", QOS)[0].result(seconds)
    except (AwsCrtError, TimeoutError):
        return False
    return True


def may_subscribe(fleet, credentials, client_id, topic):
    """Whether a subscription is granted."""
    try:
        with connected(fleet.broker, credentials, client_id) as connection:
            granted = connection.subscribe(topic, QOS, lambda **_: None)[0].result(SECONDS)
    except (AwsCrtError, TimeoutError):
        return False
    return granted["qos"] is not None


def may_connect(fleet, credentials, client_id):
    try:
        with connected(fleet.broker, credentials, client_id):
            return True
    except (AwsCrtError, TimeoutError):
        return False


def test_a_claim_certificate_connects_with_client_ids_of_claims_only(fleet, device):
    assert may_connect(fleet, fleet.claim, "claim-1")
    for client_id in (device.thing_name, "console", "claim", "xclaim-1"):
        assert not may_connect(fleet, fleet.claim, client_id)


@pytest.mark.parametrize(
    "topic",
    [
        "dt/sensor-1/hello",
        "$aws/things/sensor-1/shadow/update",
        "$aws/provisioning-templates/other/provision/json",
        "$aws/certificates/create/cbor",
        "anything",
    ],
)
def test_a_claim_certificate_publishes_nowhere_else(fleet, topic):
    assert not may_publish(fleet, fleet.claim, "claim-1", topic)


def test_a_claim_certificate_publishes_where_it_enrols(fleet):
    topic = "$aws/certificates/create/json"
    assert may_publish(fleet, fleet.claim, "claim-1", topic, PATIENT_SECONDS)


@pytest.mark.parametrize("topic", ["#", "dt/#", "$aws/things/+/shadow/update/accepted"])
def test_a_claim_certificate_listens_to_nobody_else(fleet, topic):
    assert not may_subscribe(fleet, fleet.claim, "claim-1", topic)


def test_a_device_reaches_its_own_topics_only(fleet, device):
    other = fleet.provision(fleet.a_serial_number())
    own = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, own) > 0
    theirs = f"dt/{other.thing_name}/hello"
    assert not may_publish(fleet, device.credentials, device.thing_name, theirs)
    assert not may_subscribe(fleet, device.credentials, device.thing_name, theirs)
    assert not may_subscribe(fleet, device.credentials, device.thing_name, "dt/#")


def test_a_device_cannot_take_over_the_connection_of_another(fleet, device):
    other = fleet.provision(fleet.a_serial_number())
    assert may_connect(fleet, device.credentials, device.thing_name)
    for client_id in (other.thing_name, "claim-1", "anything"):
        assert not may_connect(fleet, device.credentials, client_id)


def test_a_device_cannot_enrol_others(fleet, device):
    topic = "$aws/certificates/create/json"
    assert not may_publish(fleet, device.credentials, device.thing_name, topic)


def test_a_certificate_that_was_refused_is_neither_active_nor_holds_a_policy(fleet):
    before = fleet.certificates()
    with pytest.raises(Rejected):
        fleet.provision("SN-unlisted")
    (certificate_id,) = fleet.certificates() - before
    assert fleet.certificate_status(certificate_id) == "PENDING_ACTIVATION"
    assert fleet.policies(certificate_id) == set()


def test_the_key_of_the_claim_certificate_is_nowhere_but_in_its_secret(fleet):
    key = fleet.claim.private_key.strip().splitlines()[1]
    cloudformation = fleet.emulator.client("cloudformation")
    logs = fleet.emulator.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    told = [
        cloudformation.describe_stacks(StackName="Fleet"),
        cloudformation.describe_stack_events(StackName="Fleet"),
        cloudformation.describe_stack_resources(StackName="Fleet"),
        cloudformation.get_template(StackName="Fleet"),
        *(logs.filter_log_events(logGroupName=name) for name in groups),
    ]
    text = json.dumps(told, default=str)
    assert '"request": "Create"' in json.loads(json.dumps(text)).replace("\\", "")
    assert key not in text


def test_a_foreign_claim_certificate_enrols_nobody(fleet):
    made = fleet.emulator.client("iot").create_keys_and_certificate(setAsActive=True)
    stranger = Credentials(made["certificatePem"], made["keyPair"]["PrivateKey"])
    parameters = {"SerialNumber": fleet.a_serial_number(), "Site": "lab"}
    with pytest.raises((AwsCrtError, TimeoutError, Rejected)):
        provision(fleet.broker, stranger, fleet.template_name, parameters)
