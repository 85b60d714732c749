"""Edge devices, deployed to the emulator by Pulumi's own engine, and used by the commands.

Role aliases, the credentials provider and CreateCertificateFromCsr are extensions of this project, not of the
emulator, and AWS Panorama is the strict endpoint of these tests.
"""

import json
import re
import stat

import pulumi
import pytest
import yaml
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.pulumi import CoreDevicePolicy, GreengrassCoreDevices, PanoramaDevice, TokenExchange
from tests.support.needing_engine import needs_engine
from tests.support.panorama_endpoint import PRIVATE_KEY, PanoramaEndpoint, archive_for
from workshop.core_device import exchange_token
from workshop.device import Broker, Credentials, provision
from workshop.pulumi_engine import stack_of

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def endpoint():
    with PanoramaEndpoint() as running:
        yield running
        assert running.complaints == []


def edge(endpoint, cameras, groups):
    """A program of cameras, by resource name, and of cores that are in some groups."""

    def program():
        for name, settings in cameras.items():
            device = PanoramaDevice(name, {"endpoint_url": endpoint.url, **settings})
            pulumi.export(name, device.archive)
        exchange = TokenExchange("exchange", {"role_alias_name": "pulumi-edge"})
        policy = {
            "thing_name_prefix": "pgg-",
            "role_alias_name": exchange.role_alias_name,
            "revoke_certificates_on_removal": True,
        }
        settings = {
            "thing_name_prefix": "pgg-",
            "groups": [{"name": name} for name in groups],
            "token_exchange": exchange.resource,
            "core_device_policy": CoreDevicePolicy("policy", policy).resource,
            "devices": [{"serial_number": "0042"}],
        }
        cores = GreengrassCoreDevices("cores", settings)
        pulumi.export("enrolment", cores.enrolment)

    return program


class Deployed:
    """The stack, what it said, and the commands that read its outputs."""

    def __init__(self, emulator, folder, monkeypatch):
        project = folder / "source"
        project.mkdir()
        (project / "Pulumi.yaml").write_text("name: edge\nruntime: python\n")
        self._project, self._folder, self._emulator = project, folder, emulator
        self.lines = []
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)

    def up(self, program):
        self.stack = stack_of(self._project, self._emulator, self._folder, program=program)
        outputs = self.stack.up(on_output=self.lines.append).outputs
        # What `pulumi stack output --json` writes.
        text = json.dumps({name: output.value for name, output in outputs.items()})
        (self._folder / "outputs.json").write_text(text)
        return {name: json.loads(output.value) for name, output in outputs.items()}

    def command(self, *words):
        arguments = [str(self._folder / "outputs.json") if word == "STACK" else str(word) for word in words]
        return CliRunner().invoke(app, arguments)

    def state(self):
        return json.dumps(self.stack.export_stack().deployment)


def groups_of(emulator):
    groups = emulator.client("iot").list_thing_groups()["thingGroups"]
    return {group["groupName"] for group in groups if group["groupName"].startswith("pgg-")}


def require_archive_once(deployed, folder, device):
    fetch = ("panorama", "archive", "STACK", "--out", folder, "--no-wait", "--device", device["Name"])
    result = deployed.command(*fetch)
    assert result.exit_code == 0, result.output
    (file,) = folder.iterdir()
    assert file.read_bytes() == archive_for(device["DeviceId"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert deployed.command(*fetch).exit_code == 2


def require_core(deployed, emulator, folder):
    out = folder / "config.yaml"
    words = ("greengrass", "config", "STACK", "--core", "pgg-0042", "--out", out, "--nucleus", "lite")
    result = deployed.command(*words)
    assert result.exit_code == 0, result.output
    services = yaml.safe_load(out.read_text())["services"]
    enrolling = services["aws.greengrass.fleet_provisioning"]["configuration"]
    claim = Credentials(
        (folder / "claim.pem.crt").read_text(), (folder / "claim.private.pem.key").read_text()
    )
    broker = Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
    core = provision(broker, claim, enrolling["templateName"], enrolling["templateParams"], own_key=True)
    assert core.thing_name == "pgg-0042"
    provider = Broker(emulator.mqtt_host, emulator.credentials_port, emulator.trust_store())
    assert exchange_token(provider, core.credentials, "pulumi-edge", core.thing_name)["accessKeyId"]
    return claim.private_key


def test_edge_devices_are_deployed_used_changed_replaced_and_destroyed(
    emulator, endpoint, tmp_path, monkeypatch
):
    s3, deployed = emulator.client("s3"), Deployed(emulator, tmp_path, monkeypatch)
    cameras = {"dock": {"name": "pulumi-dock"}, "yard": {"name": "pulumi-yard"}}
    reported = deployed.up(edge(endpoint, cameras, ["pgg-line-4"]))
    (dock,), (yard,) = endpoint.named("pulumi-dock"), endpoint.named("pulumi-yard")
    buckets = [reported[name]["location"].removeprefix("s3://").partition("/")[0] for name in cameras]
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=buckets[0])["Rules"]
    assert (rule["Expiration"], rule["Status"]) == ({"Days": 1}, "Enabled")
    assert "2026-05-31" in "\n".join(deployed.lines)
    assert groups_of(emulator) == {"pgg-line-4"}
    require_archive_once(deployed, tmp_path / "usb", dock)
    claim_key = require_core(deployed, emulator, tmp_path / "core")

    cameras["dock"] |= {"description": "gate", "tags": {"site": "p7"}}
    cameras["yard"] = {"name": "pulumi-gate"}
    deployed.up(edge(endpoint, cameras, ["pgg-line-5"]))
    assert endpoint.named("pulumi-dock") == [dock]
    assert (dock["Description"], dock["Tags"]["site"]) == ("gate", "p7")
    (gate,) = endpoint.named("pulumi-gate")
    assert (endpoint.named("pulumi-yard"), gate["DeviceId"] != yard["DeviceId"]) == ([], True)
    assert groups_of(emulator) == {"pgg-line-5"}

    said = deployed.state() + "\n".join(deployed.lines)
    assert gate["DeviceId"] in said
    assert PRIVATE_KEY in archive_for(gate["DeviceId"]).decode("latin-1")
    assert claim_key.splitlines()[1] not in said
    assert not re.search("PRIVATE KEY|UEsD|panorama-archive-secret", said)

    deployed.stack.destroy()
    assert (endpoint.devices, groups_of(emulator)) == ({}, set())
    for bucket in buckets:
        with pytest.raises(ClientError, match="NoSuchBucket"):
            s3.list_objects_v2(Bucket=bucket)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        emulator.client("iot").describe_role_alias(roleAlias="pulumi-edge")
