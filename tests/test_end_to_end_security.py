"""What a stolen claim certificate and a provisioned device can't do while AWS IoT policies are enforced."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from awscrt import mqtt
from awscrt.exceptions import AwsCrtError

from tests.support import raw_mqtt
from tests.support.raw_mqtt import was_granted
from workshop.device import Credentials, Rejected, connected, provision, send_to_itself

pytestmark = pytest.mark.timeout(600)
QOS = mqtt.QoS.AT_LEAST_ONCE
SECONDS = 20


@pytest.fixture(scope="module")
def fleet(enforced_fleet):
    return enforced_fleet


@pytest.fixture(scope="module")
def device(fleet):
    return fleet.provision(fleet.a_serial_number())


def may_publish(fleet, credentials, client_id, topic):
    """Whether a message gets through: AWS IoT hangs up on a device that may not, which is heard."""
    with raw_mqtt.connected(fleet.broker, credentials, client_id) as connection:
        return was_granted(connection.publish(topic, b"{}"))


def may_subscribe(fleet, credentials, client_id, topic):
    """Whether a subscription is granted: its refusal is a code, or the end of the connection."""
    with raw_mqtt.connected(fleet.broker, credentials, client_id) as connection:
        return was_granted(connection.subscribe(topic))


def may_connect(fleet, credentials, client_id):
    """Whether a connection is accepted: its refusal is a code, or the end of the connection."""
    return raw_mqtt.accepts(fleet.broker, credentials, client_id)


def granted(may, fleet, credentials, topics):
    """Those of the topics that are granted, each asked for over a connection of its own."""
    with ThreadPoolExecutor(8) as pool:
        clients = [f"claim-{number}" for number in range(len(topics))]
        answers = pool.map(lambda client, topic: may(fleet, credentials, client, topic), clients, topics)
        return {topic for topic, answer in zip(topics, answers, strict=True) if answer}


def test_a_claim_certificate_connects_with_client_ids_of_claims_only(fleet, device):
    assert may_connect(fleet, fleet.claim, "claim-1")
    for client_id in (device.thing_name, "console", "claim", "xclaim-1"):
        assert not may_connect(fleet, fleet.claim, client_id)


def test_a_claim_certificate_publishes_only_where_it_enrols(fleet):
    own = f"$aws/provisioning-templates/{fleet.template_name}/provision"
    topics = [
        "dt/sensor-1/hello",
        "anything",
        *(f"$aws/things/sensor-1/{name}" for name in ("shadow/update", "shadow/name/a/get", "jobs/get")),
        "$aws/provisioning-templates/other/provision/json",
        f"$aws/provisioning-templates/{fleet.template_name}2/provision/json",
        f"{own}/json/accepted/more",
        f"{own}/../provision/json",
        f"{own}",
        "$aws/certificates/create/cbor",
        "$aws/certificates/create",
        "$aws/rules/registration",
        "$aws/events/presence/connected/sensor-1",
        "$aws/rules/sensor-1/dt",
    ]
    enrolling = "$aws/certificates/create/json"
    assert granted(may_publish, fleet, fleet.claim, [*topics, enrolling]) == {enrolling}


def test_a_claim_certificate_listens_only_to_its_own_answers(fleet):
    filters = [
        *("#", "+/+/+", "dt/#", "$aws/#", "$aws/things/#", "$aws/+/+/provision/json/accepted"),
        "$aws/things/+/shadow/update/accepted",
        "$aws/provisioning-templates/+/provision/json/+",
        "$aws/provisioning-templates/#",
        "$aws/certificates/#",
        "$aws/certificates/+/json/accepted",
        "$aws/provisioning-templates/other/provision/json/accepted",
        "$aws/events/#",
        f"$share/thieves/$aws/provisioning-templates/{fleet.template_name}/provision/json/#",
    ]
    own = f"$aws/provisioning-templates/{fleet.template_name}/provision/json/accepted"
    assert granted(may_subscribe, fleet, fleet.claim, [*filters, own]) == {own}


def test_a_claim_certificate_hears_no_answer_to_somebody_else(fleet):
    heard, answered = [], Event()
    create = "$aws/certificates/create/json"
    own = f"$aws/provisioning-templates/{fleet.template_name}/provision/json"

    def hear(topic, **_):
        heard.append(topic)
        answered.set()

    with connected(fleet.broker, fleet.claim, "claim-listener") as connection:
        for topic in (f"{create}/accepted", f"{own}/accepted", f"{own}/rejected"):
            assert connection.subscribe(topic, QOS, hear)[0].result(SECONDS)["qos"] is not None
        fleet.provision(fleet.a_serial_number())
        with pytest.raises(Rejected):
            fleet.provision("SN-unlisted")
        connection.publish(create, b"{}", QOS)[0].result(SECONDS)
        assert answered.wait(SECONDS)
    # The answer to its own request, and nothing before.
    assert heard == [f"{create}/accepted"]


def test_a_device_reaches_its_own_topics_only(fleet, device):
    other = fleet.provision(fleet.a_serial_number())
    own = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, own) > 0
    theirs = f"dt/{other.thing_name}/hello"
    assert not may_publish(fleet, device.credentials, device.thing_name, theirs)
    assert may_publish(fleet, device.credentials, device.thing_name, own)
    assert may_subscribe(fleet, device.credentials, device.thing_name, own)
    for topic in (theirs, "#", f"$aws/things/{other.thing_name}/shadow/#"):
        assert not may_subscribe(fleet, device.credentials, device.thing_name, topic)


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
    certificate_id = fleet.judged_since(before)
    assert fleet.certificate_status(certificate_id) == "PENDING_ACTIVATION"
    assert fleet.policies(certificate_id) == set()


def nested(depth):
    value = "A"
    for _ in range(depth):
        value = {"a": [value]}
    return value


def hostile_serial_numbers(listed):
    """What is not the listed serial number, but would be for somebody who is careless."""
    return {
        "longer than any serial number": "A" * 100_000,
        "a number": 7,
        "no text": None,
        "a truth": True,
        "a list of what is listed": [listed],
        "an object": {"S": listed},
        "nested deeply": nested(200),
        "look-alike": listed.replace("S", "\u0405"),
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in listed),
        "accent": f"{listed}\u0301",
        "NUL": f"{listed}\0",
        "line end": f"{listed}\n",
        "unseen": f"{listed}\u200b",
        "backwards": f"\u202e{listed[::-1]}",
        "half a character": f"{listed}\ud800",
        "blanks": f" {listed} ",
        "other case": listed.swapcase(),
        "wildcard": f"{listed[:-1]}*",
        "policy variable": "${iot:Connection.Thing.ThingName}",
        "substitution": "${SerialNumber}",
        "expression": f"{listed} OR attribute_exists(serial_number)",
        "placeholder": ":certificate",
        "path": f"../{listed}",
        "topic": f"{listed}/#",
    }


def test_a_hostile_serial_number_registers_nothing_and_uses_nothing_up(fleet):
    listed = fleet.a_serial_number()
    things, certificates = fleet.things(), fleet.certificates()

    def is_refused(serial_number):
        try:
            fleet.provision(serial_number)
        except Rejected:
            return True
        return False

    attempts = hostile_serial_numbers(listed)
    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(is_refused, attempts.values())
        assert [name for name, refused in zip(attempts, answers, strict=True) if not refused] == []
    assert fleet.things() == things
    new = fleet.certificates() - certificates
    assert {fleet.certificate_status(certificate_id) for certificate_id in new} == {"PENDING_ACTIVATION"}
    assert fleet.provision(listed).thing_name == f"sensor-{listed}"


@pytest.mark.parametrize(
    "site",
    [{"Ref": "SerialNumber"}, ["lab"], 7, "plant7/../../thinggroup", "A" * 100_000],
    ids=["a function", "a list", "a number", "a path", "too long"],
)
def test_a_hostile_value_of_another_parameter_registers_nothing(fleet, site):
    things, serial_number = fleet.things(), fleet.a_serial_number()
    with pytest.raises(Rejected):
        fleet.provision(serial_number, Site=site)
    assert fleet.things() == things


def test_a_device_that_names_the_certificate_of_another_is_refused(fleet, device):
    named = {"AWS::IoT::Certificate::Id": device.certificate_id}
    reason, _ = fleet.refusal(fleet.a_serial_number(), **named)
    assert reason == "a parameter has a name that belongs to AWS"


def test_the_key_of_the_claim_certificate_is_nowhere_but_in_its_secret(fleet):
    key = fleet.claim.private_key.strip().splitlines()[1]
    cloudformation = fleet.emulator.client("cloudformation")
    logs = fleet.emulator.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    reported = [
        cloudformation.describe_stacks(StackName="Fleet"),
        cloudformation.describe_stack_events(StackName="Fleet"),
        cloudformation.describe_stack_resources(StackName="Fleet"),
        cloudformation.get_template(StackName="Fleet"),
        *(logs.filter_log_events(logGroupName=name) for name in groups),
    ]
    text = json.dumps(reported, default=str)
    assert '"request": "Create"' in json.loads(json.dumps(text)).replace("\\", "")
    assert key not in text


def test_a_foreign_claim_certificate_enrols_nobody(fleet):
    made = fleet.emulator.client("iot").create_keys_and_certificate(setAsActive=True)
    stranger = Credentials(made["certificatePem"], made["keyPair"]["PrivateKey"])
    parameters = {"SerialNumber": fleet.a_serial_number(), "Site": "lab"}
    with pytest.raises((AwsCrtError, TimeoutError, Rejected)):
        provision(fleet.broker, stranger, fleet.template_name, parameters)
    assert provision(fleet.broker, fleet.claim, fleet.template_name, parameters)
