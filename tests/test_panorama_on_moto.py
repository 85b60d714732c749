"""A Panorama device on moto, an emulator of others that had the service, in an environment of its own.

It has no tagging and answers 500 for a device that is gone: the endpoint of our own covers those.
"""

import json
import os
import subprocess
import time
import urllib.request
import uuid

import pytest

from device_provisioning.lambdas.custom_resources import panorama_device
from device_provisioning.lambdas.custom_resources.panorama_api import PanoramaApi
from device_provisioning.lambdas.custom_resources.panorama_device import handle
from tests.support.own_environment import own_environment
from workshop.ports import free_port

BUCKET = "archives-of-moto"
SECONDS_TO_START = 30


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    port = free_port()
    log = (tmp_path_factory.mktemp("moto") / "log").open("wb")
    command = [own_environment("panorama_moto") / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]}) as server:
        url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + SECONDS_TO_START
        while True:
            try:
                urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield url
        server.terminate()
    log.close()


@pytest.fixture
def s3(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    monkeypatch.setattr(panorama_device, "client", lambda service: client)
    return client


def run(moto, kind, wanted, **settings):
    properties = {"Device": json.dumps(wanted), "ArchiveBucketName": BUCKET, "EndpointUrl": moto}
    event = {
        "RequestType": kind,
        "RequestId": str(uuid.uuid4()),
        "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/Cameras/1",
        "LogicalResourceId": "Camera",
        "ResourceProperties": properties,
        **settings,
    }
    return handle(event, lambda: 60.0)


def test_a_device_is_made_described_otherwise_and_deleted(moto, s3):
    wanted = {
        "Name": "line-4",
        "Description": "dock camera",
        "NetworkingConfiguration": {
            "Ethernet0": {"ConnectionType": "DHCP"},
            "Ntp": {"NtpServers": ["0.pool.ntp.org"]},
        },
        "Tags": {"site": "p7"},
    }
    api = PanoramaApi(endpoint_url=moto)
    device_id = run(moto, "Create", wanted).physical_id
    described = api.describe_device(device_id)
    assert (described["Name"], described["Description"]) == ("line-4", "dock camera")
    assert described["Tags"]["site"] == "p7"
    assert s3.list_objects_v2(Bucket=BUCKET)["Contents"][0]["Key"] == "certificates-omni_line-4.zip"

    changed = {**wanted, "Description": "gate camera"}
    before = {"Device": json.dumps(wanted)}
    outcome = run(moto, "Update", changed, PhysicalResourceId=device_id, OldResourceProperties=before)
    assert outcome.physical_id == device_id
    assert api.describe_device(device_id)["Description"] == "gate camera"

    run(moto, "Delete", changed, PhysicalResourceId=device_id)
    assert list(api.devices_named("line-4")) == []
