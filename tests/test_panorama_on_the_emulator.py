"""Panorama devices, deployed to the emulator by CloudFormation, with the API on this machine.

The emulator has no AWS Panorama: the API is the strict endpoint of these tests.
"""

import json
import re
import stat
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from aws_cdk import App, Stack
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from device_provisioning.cdk import PanoramaDevice
from device_provisioning.cli import app
from device_provisioning.edge import archives
from device_provisioning.panorama import PanoramaArchive
from tests.support.panorama_endpoint import PRIVATE_KEY, PanoramaEndpoint, archive_for
from tests.support.said import everything_said
from tests.support.synthesis import IRELAND
from workshop.cloud_assembly import DeploymentFailed, deploy, destroy


@pytest.fixture(scope="module")
def running():
    with PanoramaEndpoint() as endpoint:
        yield endpoint
        assert endpoint.complaints == []


@pytest.fixture(scope="module")
def deploy_to(emulator, running, tmp_path_factory):
    """Deploy devices, by id and settings, to a stack; what is left at the end is cleaned up."""
    stacks = set()

    def deploy_devices(stack_name, **devices):
        stacks.add(stack_name)
        folder = tmp_path_factory.mktemp("cdk")
        cdk_app = App(outdir=str(folder))
        stack = Stack(cdk_app, stack_name, env=IRELAND)
        for construct_id, settings in devices.items():
            PanoramaDevice(
                stack, construct_id, **{"name": construct_id, **settings}, endpoint_url=running.url
            )
        cdk_app.synth()
        outputs = deploy(emulator, folder, stack_name)
        archives_told = [PanoramaArchive(**json.loads(value)) for value in outputs.values()]
        return folder, {archive.device_name: archive for archive in archives_told}

    yield deploy_devices
    for stack_name in stacks:
        if is_deployed(emulator, stack_name):
            destroy(emulator, stack_name)


def is_deployed(emulator, stack_name):
    try:
        (stack,) = emulator.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
    except ClientError:
        return False
    return stack["StackStatus"] not in {"DELETE_COMPLETE", "DELETE_FAILED"}


@pytest.fixture(scope="module")
def cameras(deploy_to):
    """One stack of devices, one for each test that takes an archive away."""
    names = ("secret", "once", "counted", "late", "untouched")
    return deploy_to("Cameras", **{name: {} for name in names})


@pytest.fixture
def command(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(app, ["panorama", "archive", "Cameras", *arguments])


def keys(emulator, archive):
    listed = emulator.client("s3").list_objects_v2(Bucket=archive.bucket_and_key[0])
    return [stored["Key"] for stored in listed.get("Contents", [])]


def test_a_device_is_deployed_changed_replaced_and_destroyed(emulator, running, deploy_to):
    _, first = deploy_to("Walk", Camera={"name": "dock", "description": "dock"})
    (device,) = running.named("dock")
    assert keys(emulator, first["dock"]) == ["certificates-omni_dock.zip"]
    deploy_to("Walk", Camera={"name": "dock", "description": "gate", "tags": {"site": "p7"}})
    assert running.named("dock") == [device]
    assert (device["Description"], device["Tags"]["site"]) == ("gate", "p7")
    running.fail("ProvisionDevice", 403, "AccessDeniedException", times=5)
    with pytest.raises(DeploymentFailed, match="allow panorama:ProvisionDevice"):
        deploy_to("Walk", Camera={"name": "gate"})
    assert running.named("dock") == [device]
    assert running.named("gate") == []
    _, second = deploy_to("Walk", Camera={"name": "gate"})
    assert (len(running.named("gate")), running.named("dock")) == (1, [])
    assert keys(emulator, second["gate"]) == ["certificates-omni_gate.zip"]
    destroy(emulator, "Walk")
    assert running.named("gate") == []
    with pytest.raises(ClientError, match="NoSuchBucket"):
        keys(emulator, second["gate"])


def test_an_error_of_the_api_reaches_the_user_and_leaves_nothing(running, deploy_to):
    running.fail("ProvisionDevice", 402, "ServiceQuotaExceededException", QuotaCode="L-1")
    with pytest.raises(DeploymentFailed, match="the quota panorama L-1 is used up"):
        deploy_to("Refused", Camera={"name": "refused"})
    assert running.named("refused") == []


def test_a_device_in_use_stays_and_the_user_is_told_what_to_do(emulator, running, deploy_to):
    deploy_to("InUse", Camera={"name": "in-use"})
    running.fail("DeleteDevice", 409, "ConflictException", ResourceType="APPLICATION", ResourceId="app-1")
    with pytest.raises(DeploymentFailed, match="remove its application instances"):
        destroy(emulator, "InUse")
    assert len(running.named("in-use")) == 1


def test_no_secret_is_in_template_state_events_or_logs(emulator, running, cameras):
    folder, _ = cameras
    text = (folder / "Cameras.template.json").read_text() + everything_said(emulator, "Cameras")
    assert '"request": "Create"' in text
    (device,) = running.named("secret")
    assert device["DeviceId"] in text
    assert PRIVATE_KEY in archive_for(device["DeviceId"]).decode("latin-1")
    assert not re.search("PRIVATE KEY|UEsD|panorama-archive-secret", text)


def test_an_archive_is_delivered_once_to_its_owner_only(emulator, running, cameras, command, tmp_path):
    archive = cameras[1]["once"]
    result = command("--out", str(tmp_path / "usb"), "--no-wait", "--device", "once")
    assert result.exit_code == 0, result.output
    file = tmp_path / "usb" / "certificates-omni_once.zip"
    (device,) = running.named("once")
    assert file.read_bytes() == archive_for(device["DeviceId"])
    assert zipfile.is_zipfile(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert archive.expires_at in result.output
    assert "USB stick" in result.output
    assert keys(emulator, archive) == []
    again = command("--out", str(tmp_path / "again"), "--no-wait", "--device", "once")
    assert again.exit_code == 2
    assert "it is fetched once" in again.output
    assert not (tmp_path / "again").exists()


def test_the_command_counts_down_until_the_archive_expires(cameras, command, tmp_path, monkeypatch):
    left = iter([9.0, 9.0, 0.9, 0.5, 0.1, 0.0])
    monkeypatch.setattr(PanoramaArchive, "seconds_left", lambda self: next(left))
    monkeypatch.setattr(archives.time, "sleep", lambda seconds: None)
    result = command("--out", str(tmp_path / "usb"), "--device", "counted")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("the archive expired")
    assert next(left, None) is None


def test_an_archive_that_is_of_no_use_any_more_is_deleted_rather_than_delivered(
    emulator, cameras, command, tmp_path, monkeypatch
):
    later = datetime.now(UTC) + timedelta(minutes=5)
    whole = PanoramaArchive.seconds_left
    monkeypatch.setattr(PanoramaArchive, "seconds_left", lambda self: whole(self, later))
    result = command("--out", str(tmp_path / "usb"), "--device", "late")
    assert result.exit_code == 2
    assert "expired at" in result.output
    assert keys(emulator, cameras[1]["late"]) == []
    assert not (tmp_path / "usb").exists()


@pytest.mark.parametrize("device", [[], ["--device", "unknown"]])
def test_it_has_to_be_clear_which_device_is_meant(cameras, command, tmp_path, device):
    result = command("--out", str(tmp_path / "usb"), "--no-wait", *device)
    assert result.exit_code == 2
    assert "has the devices counted, late, once, secret, untouched: give one" in result.output
