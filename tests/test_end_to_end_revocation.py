"""A device that is connected with the AWS IoT Device SDK, revoked and released."""

import json
import time
from threading import Event

import pytest
from awscrt import mqtt
from awsiot import mqtt_connection_builder

from device_provisioning.aws_iot.device_policy import device_policy
from device_provisioning.aws_iot.environment import Environment
from tests.support import raw_mqtt
from tests.support.allow_list_command import run
from workshop.device import send_to_itself
from workshop.emulator import ACCOUNT, REGION

pytestmark = pytest.mark.timeout(600)
QOS = mqtt.QoS.AT_LEAST_ONCE
SECONDS = 20


@pytest.fixture
def fleet(enforced_fleet, monkeypatch):
    for name, value in enforced_fleet.emulator.environment().items():
        monkeypatch.setenv(name, value)
    return enforced_fleet


@pytest.fixture
def quarantine(fleet):
    iot, name = fleet.emulator.client("iot"), "quarantine"
    iot.create_thing_group(thingGroupName=name)
    yield name
    iot.delete_thing_group(thingGroupName=name)


def test_a_connected_device_is_cut_off_within_a_second_and_comes_back_once_it_is_released(fleet, quarantine):
    serial_number = fleet.a_serial_number()
    device = fleet.provision(serial_number)
    fleet.let_settle(serial_number)
    before = fleet.groups(device.thing_name), fleet.policies(device.certificate_id)
    interrupted = Event()
    connection = mqtt_connection_builder.mtls_from_bytes(
        cert_bytes=device.credentials.certificate_pem.encode(),
        pri_key_bytes=device.credentials.private_key.encode(),
        ca_bytes=fleet.broker.trust_store,
        endpoint=fleet.broker.host,
        port=fleet.broker.port,
        client_id=device.thing_name,
        on_connection_interrupted=lambda **_: interrupted.set(),
    )
    connection.connect().result(SECONDS)
    options = [serial_number, "--table", fleet.table_name, "--yes"]
    # What the command imports and makes before its first call is not AWS IoT's time.
    assert run("revoke", *options[:-1], "--dry-run").exit_code == 0
    started = time.monotonic()
    result = run("revoke", *options, "--quarantine-group", quarantine)
    assert result.exit_code == 0, result.output
    assert interrupted.wait(1)
    print(f"cut off {time.monotonic() - started:.1f} s after the command began")
    assert not raw_mqtt.accepts(fleet.broker, device.credentials, device.thing_name)
    assert fleet.refusal(serial_number)[0] == "blocked"
    assert fleet.groups(device.thing_name) == {quarantine}
    connection.disconnect().result(SECONDS)
    result = run("release", *options)
    assert result.exit_code == 0, result.output
    topic = f"dt/{device.thing_name}/hello"
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, topic) > 0
    assert (fleet.groups(device.thing_name), fleet.policies(device.certificate_id)) == before


def is_granted(fleet, device, topic):
    with raw_mqtt.connected(fleet.broker, device.credentials, device.thing_name) as connection:
        return raw_mqtt.was_granted(connection.publish(topic, b"{}"))


def test_a_device_under_repair_reaches_its_repair_topics_and_nothing_else(fleet, quarantine):
    iot = fleet.emulator.client("iot")
    document = json.dumps(device_policy(Environment(ACCOUNT, REGION), topic_prefix="repair"))
    iot.create_policy(policyName="repair", policyDocument=document)
    arn = iot.describe_thing_group(thingGroupName=quarantine)["thingGroupArn"]
    iot.attach_policy(policyName="repair", target=arn)
    serial_number = fleet.a_serial_number()
    device = fleet.provision(serial_number)
    fleet.let_settle(serial_number)
    options = [serial_number, "--table", fleet.table_name, "--yes"]
    assert run("revoke", *options, "--quarantine-group", quarantine, "--repair").exit_code == 0
    repair, own = (f"{prefix}/{device.thing_name}/hello" for prefix in ("repair", "dt"))
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, repair) > 0
    assert is_granted(fleet, device, repair)
    # AWS IoT heeds a policy a little longer than it is attached: the emulator for two connections.
    assert not [is_granted(fleet, device, own) for _ in range(4)][-1]
    assert run("release", *options).exit_code == 0
    assert send_to_itself(fleet.broker, device.credentials, device.thing_name, own) > 0
