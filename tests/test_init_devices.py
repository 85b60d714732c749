"""The factory and the device of a new project, against the emulator with AWS IoT policies enforced."""

import json
import re
import types
from concurrent.futures import Future

import boto3
import pytest
from awsiot import iotidentity

from device_provisioning.project.scaffolding import TEMPLATES

LONGEST = ["--attempts", "3"]


def program(name):
    """A program of a project, as a module of its own."""
    file = TEMPLATES / "common" / f"{name}.py"
    module = types.ModuleType(name)
    exec(compile(file.read_text("utf-8"), str(file), "exec"), vars(module))
    return module


@pytest.fixture
def line(enforced_fleet, tmp_path, monkeypatch):
    """What the factory fetched: the claim and where devices connect to."""
    broker = enforced_fleet.broker
    (tmp_path / "ca.pem").write_bytes(broker.trust_store)
    files = {
        "endpoint": f"{broker.host}:{broker.port}",
        "claim.pem": enforced_fleet.claim.certificate_pem,
        "claim.key": enforced_fleet.claim.private_key,
    }
    folder = tmp_path / "line"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    monkeypatch.setenv("CA_FILE", str(tmp_path / "ca.pem"))
    return folder


class Device:
    """A device in its folder, which starts again as often as it is asked to."""

    def __init__(self, fleet, line, folder):
        folder.mkdir(exist_ok=True)
        self.folder, self.serial_number = folder, fleet.a_serial_number()
        self._given = [fleet.template_name, self.serial_number, "--claim", str(line), "--folder", str(folder)]
        self.program = program("device")
        self.waited = []
        self.program.patiently.__kwdefaults__["wait"] = self.waited.append

    def start(self):
        self.program.main([*self._given, "--parameter", "Site=lab", *LONGEST])

    def registered(self):
        return json.loads((self.folder / "registered.json").read_text())["thingName"]


@pytest.fixture
def device(enforced_fleet, line, tmp_path):
    return Device(enforced_fleet, line, tmp_path / "device")


def test_a_device_enrols_and_connects_as_its_thing(device, capsys):
    device.start()
    assert capsys.readouterr().out.endswith(
        f"sensor-{device.serial_number} is registered and has said hello\n"
    )
    assert device.waited == []
    assert (device.folder / "device.key").stat().st_mode & 0o077 == 0


def test_a_device_with_a_key_of_the_factory_keeps_it(device, enforced_fleet, tmp_path):
    program("factory").main(["list", str(tmp_path / "made"), "--count", "1", "--csr"])
    for name in ("device.key", "device.csr"):
        (tmp_path / "made" / "A-0001" / name).rename(device.folder / name)
    key = (device.folder / "device.key").read_text()
    device.start()
    assert (device.folder / "device.key").read_text() == key
    assert device.registered() == f"sensor-{device.serial_number}"


def test_a_device_that_starts_again_registers_no_second_time(device, enforced_fleet):
    device.start()
    record = enforced_fleet.record(device.serial_number)
    device.start()
    assert enforced_fleet.record(device.serial_number) == record


def test_a_device_that_lost_the_answer_asks_again_with_the_certificate_that_it_kept(
    device, enforced_fleet, monkeypatch
):
    asked = iotidentity.IotIdentityClientV2.register_thing

    def lose(identity, request):
        answer = Future()
        asked(identity, request).result(20)
        answer.set_exception(TimeoutError("no answer"))
        monkeypatch.undo()
        return answer

    before = enforced_fleet.certificates()
    # The answer is lost once; the fixture's own changes of the environment are read already.
    monkeypatch.setattr(iotidentity.IotIdentityClientV2, "register_thing", lose)
    device.start()
    assert len(device.waited) == 1
    assert len(enforced_fleet.certificates() - before) == 1
    assert device.registered() == f"sensor-{device.serial_number}"


def test_a_device_whose_token_is_too_old_obtains_another_certificate(device):
    (device.folder / "token").write_text("old")
    (device.folder / "device.pem").write_text("of yesterday")
    device.start()
    assert len(device.waited) == 1
    assert device.registered() == f"sensor-{device.serial_number}"


def test_a_device_that_is_denied_asks_again_and_gives_up_at_last(device, enforced_fleet):
    enforced_fleet.block(device.serial_number)
    with pytest.raises(SystemExit, match="gave up after 3 attempts"):
        device.start()
    assert len(device.waited) == 2


def test_the_factory_fetches_what_devices_need(enforced_fleet, tmp_path, monkeypatch, capsys):
    for name, value in enforced_fleet.emulator.environment().items():
        monkeypatch.setenv(name, value)
    secrets = boto3.client("secretsmanager")
    texts = {
        secret["ARN"]: secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
        for secret in secrets.list_secrets()["SecretList"]
    }
    pem = json.dumps(enforced_fleet.claim.certificate_pem)
    (arn,) = [arn for arn, text in texts.items() if pem in text]
    program("factory").main(["claim", str(tmp_path), "--secret", arn])
    assert (tmp_path / "claim.pem").read_text() == enforced_fleet.claim.certificate_pem
    assert (tmp_path / "claim.key").read_text() == enforced_fleet.claim.private_key
    assert (tmp_path / "claim.key").stat().st_mode & 0o077 == 0
    assert re.fullmatch(r"[\w.:-]+", (tmp_path / "endpoint").read_text())


def test_both_say_how_they_are_used(capsys):
    for name in ("device", "factory"):
        with pytest.raises(SystemExit):
            program(name).main(["--help"])
    assert "SERIAL_NUMBER" in capsys.readouterr().out
