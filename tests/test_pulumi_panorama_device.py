"""A Panorama device on Pulumi: the component, and its provider in the process that the engine runs it in."""

import json
import re
import uuid

import grpc
import pulumi_aws as aws
import pytest

from device_provisioning.panorama import PanoramaArchive
from device_provisioning.pulumi import PanoramaDevice
from device_provisioning.pulumi_providers.panorama_device import PanoramaDeviceProvider
from tests.support.panorama_endpoint import PRIVATE_KEY, PanoramaEndpoint, archive_for
from tests.support.pulumi_processes import dynamic_provider
from tests.support.pulumi_program import ran
from workshop.emulator import ACCOUNT, REGION

BUCKET = "panorama-pulumi"
NETWORK = {
    "ethernet0": {
        "connection_type": "STATIC_IP",
        "static_ip_connection_info": {
            "ip_address": "10.2.0.9",
            "mask": "255.255.255.0",
            "default_gateway": "10.2.0.1",
            "dns": ["10.2.0.1"],
        },
    },
    "ntp": {"ntp_servers": ["0.pool.ntp.org"]},
}


def a_device(**settings):
    return PanoramaDevice("camera", {"name": "line-4", **settings})


def with_everything():
    a_device(
        description="dock camera",
        networking_configuration=NETWORK,
        tags={"site": "p7"},
        endpoint_url="https://panorama.example.com",
        encryption_key=aws.kms.Key("key"),
    )


def test_the_program_warns_of_the_end_of_support_and_names_the_way_on(monkeypatch):
    warnings = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, resource=None: warnings.append(message))
    ran(a_device)
    assert re.search(r"2026-05-31.*endpoint_url.*GreengrassCoreDevices", warnings[0])


def test_the_archive_is_encrypted_not_public_and_gone_after_a_day():
    program = ran(a_device)
    (rule,) = program.only("BucketServerSideEncryptionConfiguration")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms"}
    access = program.only("BucketPublicAccessBlock")
    assert all(allowed for name, allowed in access.items() if name != "bucket")
    (lifecycle,) = program.only("BucketLifecycleConfiguration")["rules"]
    assert (lifecycle["expiration"], lifecycle["status"]) == ({"days": 1}, "Enabled")
    (statement,) = program.only("BucketPolicy")["policy"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nothing_is_made_before_the_bucket_is_protected():
    device = ran(a_device).named("camera-device")
    awaited = {urn.rpartition("::")[2] for urn in device["dependencies"]}
    assert awaited >= {
        f"camera-archive-bucket-{name}"
        for name in ("encryption", "lifecycle", "policy", "public-access-block")
    }


def test_the_output_is_what_the_command_reads():
    (reported,) = [output["archive"] for output in ran(a_device).outputs.values() if "archive" in output]
    assert PanoramaArchive.model_validate(reported).device_name == "line-4"


def test_a_bucket_of_ones_own_keeps_the_archive():
    program = ran(lambda: a_device(archive_bucket=aws.s3.Bucket("own")))
    assert program.all("Bucket").keys() == {"own"}
    assert program.named("camera-device")["inputs"]["archive_bucket_name"] == "own"


def test_a_customer_key_without_a_bucket_to_encrypt_is_refused():
    def define():
        a_device(archive_bucket=aws.s3.Bucket("own"), encryption_key=aws.kms.Key("key"))

    with pytest.raises(ValueError, match="set it on your bucket"):
        ran(define)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "line 4", "description": "a\nb"}, r"(?s)name 'line 4' has.*description has a line break"),
        ({"tags": {f"k{number}": "" for number in range(50)}}, "tags are 50: give at most 49"),
        ({"endpoint_url": "http://panorama.example.com"}, "is not encrypted"),
        (
            {"networking_configuration": {"ethernet0": {"connection_type": "STATIC_IP"}}},
            "STATIC_IP needs static_ip_connection_info",
        ),
    ],
)
def test_what_the_api_does_not_accept_is_refused_when_the_program_runs(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: a_device(**settings))


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_device).own_part(PanoramaDevice) == snapshot
    assert ran(a_device, preview=True).asked() == ran(a_device).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(PanoramaDevice) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()


@pytest.fixture(scope="module")
def endpoint():
    with PanoramaEndpoint() as running:
        yield running
        assert running.complaints == []


@pytest.fixture(scope="module")
def engine(emulator):
    with dynamic_provider(emulator.environment()) as provider:
        yield provider


@pytest.fixture(scope="module")
def s3(emulator):
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture
def settings(endpoint, s3):
    return {
        "device_name": f"camera-{uuid.uuid4().hex[:8]}",
        "description": "dock",
        "networking_configuration": NETWORK,
        "tags": {"site": "p7"},
        "belongs_to": "acme/plant/dev/camera",
        "archive_bucket_name": BUCKET,
        "endpoint_url": endpoint.url,
        "account_id": ACCOUNT,
        "region": REGION,
    }


def test_a_device_is_made_changed_and_deleted_and_its_archive_is_in_the_bucket_only(
    engine, endpoint, s3, settings
):
    provider = PanoramaDeviceProvider()
    id_, state = engine.create(provider, settings)
    (device,) = endpoint.named(settings["device_name"])
    key = f"certificates-omni_{settings['device_name']}.zip"
    assert id_ == device["DeviceId"] == state["device_id"]
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == archive_for(id_)
    assert device["NetworkingConfiguration"]["Ethernet0"]["ConnectionType"] == "STATIC_IP"
    assert PRIVATE_KEY not in json.dumps(state)
    assert not re.search("UEsD|Certificates|PRIVATE KEY", json.dumps(state))
    engine.update(provider, id_, state, {**settings, "description": "gate", "tags": {"hall": "2"}})
    assert device["Description"] == "gate"
    assert {name for name in device["Tags"] if ":" not in name} == {"hall"}
    engine.delete(provider, id_, state)
    assert endpoint.named(settings["device_name"]) == []
    assert key not in [o["Key"] for o in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    engine.delete(provider, id_, state)


def test_name_and_network_need_another_device_and_nothing_else_does(engine, settings):
    def difference(**changed):
        return engine.diff(PanoramaDeviceProvider(), "id", settings, {**settings, **changed})

    assert difference() == (False, [])
    assert difference(description="gate") == (True, [])
    assert difference(tags={}) == (True, [])
    assert difference(device_name="other") == (True, ["device_name"])
    assert difference(networking_configuration={}) == (True, ["networking_configuration"])


def test_what_the_api_does_not_accept_fails_the_preview(engine, settings):
    wrong = {**settings, "device_name": "line 4", "description": "a\nb", "endpoint_url": "http://example.com"}
    _, failures = engine.check(PanoramaDeviceProvider(), wrong)
    assert len(failures) == 3
    assert engine.check(PanoramaDeviceProvider(), settings)[1] == []


def test_an_error_of_the_api_says_what_to_do(engine, endpoint, settings):
    endpoint.fail("ProvisionDevice", 402, "ServiceQuotaExceededException", QuotaCode="L-1")
    with pytest.raises(grpc.RpcError, match="the quota panorama L-1 is used up"):
        engine.create(PanoramaDeviceProvider(), settings)
    assert endpoint.named(settings["device_name"]) == []
