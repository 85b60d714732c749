"""A device that is connected with the AWS IoT Device SDK, revoked and released."""

import time
from threading import Event

import pytest
from awscrt import mqtt
from awsiot import mqtt_connection_builder

from tests.support import raw_mqtt
from tests.support.allow_list_command import run
from workshop.device import send_to_itself

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
