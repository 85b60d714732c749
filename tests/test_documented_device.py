"""The device of the quickstart, whose connection breaks where it would lose what it needs most."""

import time
import types

import pytest
from awscrt import mqtt
from awsiot import iotidentity

from tests.support.documented_pages import blocks
from workshop.device import Credentials, Rejected, send_to_itself

SECONDS = 20


class ConnectionLostError(Exception):
    """What the program meets in place of an answer."""


@pytest.fixture
def device(enforced_fleet, tmp_path, monkeypatch):
    """The program, in the folder of a device that left the factory."""
    monkeypatch.chdir(tmp_path)
    enforced_fleet.equip(tmp_path)
    monkeypatch.setenv("CA_FILE", "ca.pem")
    (block,) = [each for each in blocks() if each.title == "device.py"]
    program = types.ModuleType("device")
    exec(compile(block.text, "device.py", "exec"), vars(program))
    return program


def kept(folder):
    return Credentials((folder / "device.pem").read_text(), (folder / "device.key").read_text())


def lose_the_answer(identity, template_name, token, serial_number):
    request = iotidentity.RegisterThingRequest(
        template_name=template_name,
        certificate_ownership_token=token,
        parameters={"SerialNumber": serial_number, "Site": "lab"},
    )
    identity.publish_register_thing(request, mqtt.QoS.AT_LEAST_ONCE).result(SECONDS)
    identity._mqtt_connection.disconnect().result(SECONDS)
    raise ConnectionLostError


def test_a_device_of_the_quickstart_that_loses_the_answer_connects_with_what_it_kept(
    device, enforced_fleet, tmp_path, monkeypatch
):
    serial_number = enforced_fleet.a_serial_number()
    monkeypatch.setattr(device, "register", lose_the_answer)
    with pytest.raises(ConnectionLostError):
        device.main(enforced_fleet.template_name, serial_number)
    thing_name = f"sensor-{serial_number}"
    deadline = time.monotonic() + SECONDS
    while thing_name not in enforced_fleet.things():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with pytest.raises(Rejected, match="AccessDenied"):
        enforced_fleet.provision(serial_number)
    assert send_to_itself(enforced_fleet.broker, kept(tmp_path), thing_name, f"dt/{thing_name}/hello") > 0


def test_the_key_that_a_device_of_the_quickstart_keeps_is_for_its_owner(
    device, enforced_fleet, tmp_path, monkeypatch
):
    monkeypatch.setattr(device, "register", lose_the_answer)
    with pytest.raises(ConnectionLostError):
        device.main(enforced_fleet.template_name, enforced_fleet.a_serial_number())
    assert (tmp_path / "device.key").stat().st_mode & 0o077 == 0
