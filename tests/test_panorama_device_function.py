"""The function behind a Panorama device, over real HTTP, with the bucket on the emulator."""

import json
import threading
import time
import uuid

import pytest
from botocore.exceptions import ClientError

from device_provisioning.lambdas.custom_resources import (
    panorama_api,
    panorama_device,
    panorama_provisioning,
)
from device_provisioning.lambdas.custom_resources.cloudformation import Failed
from device_provisioning.lambdas.custom_resources.panorama_advice import STATUSES, status_advice
from device_provisioning.lambdas.custom_resources.panorama_api import PanoramaApi
from device_provisioning.lambdas.custom_resources.panorama_archives import key_of
from device_provisioning.lambdas.custom_resources.panorama_device import handle
from device_provisioning.lambdas.custom_resources.panorama_marker import TAG
from device_provisioning.panorama.archive import archive_key
from tests.support.panorama_endpoint import PRIVATE_KEY, PanoramaEndpoint, archive_for

BUCKET = "panorama-archives"
STATIC = {
    "ConnectionType": "STATIC_IP",
    "StaticIpConnectionInfo": {
        "IpAddress": "10.2.0.9",
        "Mask": "255.255.255.0",
        "DefaultGateway": "10.2.0.1",
        "Dns": ["10.2.0.1"],
    },
}
LINE_4 = {"Name": "line-4", "Description": "dock camera", "Tags": {"site": "p7"}}


@pytest.fixture(scope="module")
def running():
    with PanoramaEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(running, emulator, monkeypatch):
    running.reset()
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(panorama_api, "_pause", lambda attempt, details: 0.01)
    yield running
    assert running.complaints == []


@pytest.fixture(scope="module")
def s3(emulator):
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return client


@pytest.fixture
def bucket(s3, monkeypatch):
    # To make a client takes longer than all that a test does.
    monkeypatch.setattr(panorama_device, "client", lambda service: s3)
    yield s3
    for stored in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=stored["Key"])


def an_event(endpoint, kind, wanted, **settings):
    return {
        "RequestType": kind,
        "RequestId": str(uuid.uuid4()),
        "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/Cameras/1",
        "LogicalResourceId": "Camera",
        "ResourceProperties": {
            "Device": json.dumps(wanted),
            "ArchiveBucketName": BUCKET,
            "EndpointUrl": endpoint.url,
        },
        **settings,
    }


def run(event, seconds=60):
    end = time.monotonic() + seconds
    return handle(event, lambda: end - time.monotonic())


def create(endpoint, wanted=LINE_4):
    return run(an_event(endpoint, "Create", wanted))


def update(endpoint, device_id, before, wanted):
    old = {"Device": json.dumps(before)}
    return run(an_event(endpoint, "Update", wanted, PhysicalResourceId=device_id, OldResourceProperties=old))


def delete(endpoint, device_id, wanted=LINE_4):
    return run(an_event(endpoint, "Delete", wanted, PhysicalResourceId=device_id))


def stored(s3, name="line-4"):
    return s3.get_object(Bucket=BUCKET, Key=f"certificates-omni_{name}.zip")["Body"].read()


def is_stored(s3, name="line-4"):
    try:
        stored(s3, name)
    except ClientError:
        return False
    return True


def test_a_device_is_made_as_it_is_wanted_and_its_archive_is_in_the_bucket(endpoint, bucket):
    outcome = create(endpoint, {**LINE_4, "NetworkingConfiguration": {"Ethernet0": STATIC}})
    (device,) = endpoint.devices.values()
    assert device["NetworkingConfiguration"] == {"Ethernet0": STATIC}
    assert {key: value for key, value in device["Tags"].items() if key != TAG} == {"site": "p7"}
    assert outcome.physical_id == device["DeviceId"]
    assert stored(bucket) == archive_for(device["DeviceId"])
    assert outcome.data["ArchiveLocation"] == f"s3://{BUCKET}/certificates-omni_line-4.zip"
    assert outcome.data["Advice"].startswith("put the archive on a USB stick")


def test_the_archive_is_of_use_for_five_minutes(endpoint, bucket):
    outcome = create(endpoint)
    (device,) = endpoint.devices.values()
    expected = time.gmtime(device["CreatedTime"] + 300)
    assert outcome.data["ArchiveExpiresAt"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", expected)


def test_nothing_of_the_archive_is_in_the_outcome_or_on_standard_output(endpoint, bucket, capsys):
    outcome = create(endpoint)
    captured = capsys.readouterr()
    text = repr(outcome) + captured.out + captured.err
    assert PRIVATE_KEY not in text
    assert "Certificates" not in text
    assert "UEsD" not in text


def test_the_names_of_archives_agree():
    assert key_of("line-4") == archive_key("line-4")


def test_description_and_tags_are_changed_in_place(endpoint, bucket):
    device_id = create(endpoint).physical_id
    wanted = {"Name": "line-4", "Description": "gate camera", "Tags": {"hall": "2"}}
    assert update(endpoint, device_id, LINE_4, wanted).physical_id == device_id
    (device,) = endpoint.devices.values()
    assert device["Description"] == "gate camera"
    assert device["Tags"].keys() == {"hall", TAG}
    assert endpoint.operations().count("ProvisionDevice") == 1


def test_a_description_that_is_taken_away_is_empty(endpoint, bucket):
    device_id = create(endpoint).physical_id
    update(endpoint, device_id, LINE_4, {"Name": "line-4"})
    assert endpoint.devices[device_id]["Description"] == ""


def test_an_update_that_changes_nothing_changes_nothing(endpoint, bucket):
    device_id = create(endpoint).physical_id
    endpoint.requests.clear()
    update(endpoint, device_id, LINE_4, LINE_4)
    assert set(endpoint.operations()) == {"DescribeDevice"}


@pytest.mark.parametrize(
    "change", [{"Name": "line-5"}, {"NetworkingConfiguration": {"Ethernet0": {"ConnectionType": "DHCP"}}}]
)
def test_another_name_or_network_is_another_device(endpoint, bucket, change):
    old = create(endpoint).physical_id
    wanted = {**LINE_4, **change}
    new = update(endpoint, old, LINE_4, wanted).physical_id
    assert new != old
    # CloudFormation then deletes what was replaced; an archive of the same name is the new device's.
    delete(endpoint, old)
    assert list(endpoint.devices) == [new]
    assert stored(bucket, wanted["Name"]) == archive_for(new)


def test_a_roll_back_of_a_replacement_keeps_the_device_that_was_there(endpoint, bucket):
    old = create(endpoint).physical_id
    wanted = {**LINE_4, "Name": "line-5"}
    new = update(endpoint, old, LINE_4, wanted).physical_id
    assert update(endpoint, new, wanted, LINE_4).physical_id == old
    delete(endpoint, new, wanted)
    assert list(endpoint.devices) == [old]


def test_a_deleted_device_takes_its_archive_along(endpoint, bucket):
    device_id = create(endpoint).physical_id
    delete(endpoint, device_id)
    assert endpoint.devices == {}
    assert not is_stored(bucket)


def test_a_device_that_is_gone_already_is_deleted(endpoint, bucket):
    device_id = create(endpoint).physical_id
    endpoint.devices.clear()
    assert delete(endpoint, device_id).physical_id == device_id


def test_a_device_in_use_is_reported_with_what_to_do(endpoint, bucket):
    device_id = create(endpoint).physical_id
    endpoint.fail("DeleteDevice", 409, "ConflictException", ResourceId="app-1", ResourceType="APPLICATION")
    with pytest.raises(Failed, match=r"is in use \(APPLICATION app-1\): remove its application instances"):
        delete(endpoint, device_id)
    assert device_id in endpoint.devices


def test_an_event_that_is_delivered_again_makes_no_second_device(endpoint, bucket):
    event = an_event(endpoint, "Create", LINE_4)
    assert run(event) == run(event)
    assert endpoint.operations().count("ProvisionDevice") == 1


def test_an_event_that_is_delivered_twice_at_once_leaves_one_device_with_its_archive(endpoint, bucket):
    event, outcomes = an_event(endpoint, "Create", LINE_4), []
    deliveries = [threading.Thread(target=lambda: outcomes.append(run(event))) for _ in range(3)]
    for delivery in deliveries:
        delivery.start()
    for delivery in deliveries:
        delivery.join()
    (device_id,) = endpoint.devices
    assert {outcome.physical_id for outcome in outcomes} == {device_id}
    assert stored(bucket) == archive_for(device_id)


def test_a_delivery_that_ended_before_the_archive_was_kept_is_made_good(endpoint, bucket, monkeypatch):
    event = an_event(endpoint, "Create", LINE_4)
    run(event)
    (lost,) = endpoint.devices
    bucket.delete_object(Bucket=BUCKET, Key="certificates-omni_line-4.zip")
    monkeypatch.setattr(panorama_provisioning, "LONGEST_DELIVERY_SECONDS", 0.0)
    outcome = run(event)
    assert list(endpoint.devices) == [outcome.physical_id] != [lost]
    assert stored(bucket) == archive_for(outcome.physical_id)


@pytest.mark.parametrize("break_it", ["lose_answer", "time_out"])
def test_a_lost_answer_leaves_one_device_with_its_archive(endpoint, bucket, monkeypatch, break_it):
    monkeypatch.setattr(panorama_api, "SECONDS_TO_ANSWER", 0.3)
    arguments = ("ProvisionDevice",) if break_it == "lose_answer" else ("ProvisionDevice", 1)
    getattr(endpoint, break_it)(*arguments)
    outcome = create(endpoint)
    assert endpoint.operations().count("ProvisionDevice") == 2
    assert list(endpoint.devices) == [outcome.physical_id]
    assert stored(bucket) == archive_for(outcome.physical_id)


def test_a_request_that_is_carried_out_twice_leaves_one_device_with_its_archive(endpoint, bucket):
    endpoint.do_twice("ProvisionDevice")
    outcome = create(endpoint)
    assert list(endpoint.devices) == [outcome.physical_id]
    assert stored(bucket) == archive_for(outcome.physical_id)


def test_throttling_is_waited_out_and_reported_when_it_does_not_end(endpoint, bucket):
    endpoint.throttle("ProvisionDevice", 3)
    create(endpoint)
    endpoint.throttle("DeleteDevice", 4)
    (device_id,) = endpoint.devices
    with pytest.raises(Failed, match="AWS Panorama is busy: deploy again later"):
        delete(endpoint, device_id)


def test_a_failure_of_the_service_is_tried_again(endpoint, bucket):
    endpoint.fail("ProvisionDevice", 500, "InternalServerException", RetryAfterSeconds=1)
    endpoint.fail("DescribeDevice", 500, "InternalServerException")
    assert create(endpoint)


def test_an_archive_that_can_not_be_kept_leaves_no_device(endpoint, bucket):
    event = an_event(endpoint, "Create", LINE_4)
    event["ResourceProperties"]["ArchiveBucketName"] = "no-such-bucket"
    with pytest.raises(ClientError):
        run(event)
    assert endpoint.devices == {}


def test_what_a_failed_request_left_is_deleted_with_it(endpoint, bucket):
    event = an_event(endpoint, "Create", LINE_4)
    run(event)
    other = create(endpoint, {**LINE_4, "Name": "line-4-b"}).physical_id
    delete(endpoint, f"failed-{event['RequestId']}")
    assert list(endpoint.devices) == [other]


def test_devices_of_others_with_the_same_name_are_left_alone(endpoint, bucket):
    others = [create(endpoint).physical_id for _ in range(3)]
    mine = create(endpoint).physical_id
    assert {*endpoint.devices} == {*others, mine}


@pytest.mark.parametrize(
    ("status", "code", "details", "message"),
    [
        (
            409,
            "ConflictException",
            {"ResourceId": "d-1", "ResourceType": "DEVICE"},
            "DEVICE d-1 is in the way: give the device another name",
        ),
        (
            400,
            "ValidationException",
            {"Reason": "FIELD_VALIDATION_FAILED", "Fields": [{"Name": "Name", "Message": "too odd"}]},
            r"\(FIELD_VALIDATION_FAILED\): correct Name: too odd",
        ),
        (403, "AccessDeniedException", {}, "allow panorama:ProvisionDevice to the function's role"),
        (
            402,
            "ServiceQuotaExceededException",
            {"ServiceCode": "panorama", "QuotaCode": "L-1"},
            "the quota panorama L-1 is used up: delete devices or ask for a higher quota",
        ),
        (418, "TeapotException", {}, r"\(418\): this error is not documented"),
    ],
)
def test_each_error_says_what_to_do(endpoint, bucket, status, code, details, message):
    endpoint.fail("ProvisionDevice", status, code, **details)
    with pytest.raises(Failed, match=message):
        create(endpoint)
    assert endpoint.devices == {}


def test_a_service_that_keeps_failing_says_so(endpoint, bucket):
    endpoint.fail("ProvisionDevice", 500, "InternalServerException", times=3)
    with pytest.raises(Failed, match="AWS Panorama failed on its side: deploy again later"):
        create(endpoint)


def test_a_device_that_is_gone_can_not_be_changed_and_says_what_to_do(endpoint, bucket):
    device_id = create(endpoint).physical_id
    endpoint.devices.clear()
    with pytest.raises(Failed, match="the device is gone: give it another name"):
        update(endpoint, device_id, LINE_4, {**LINE_4, "Description": "x"})


def test_an_endpoint_that_does_not_answer_names_the_end_of_support_and_the_way_on(endpoint, bucket):
    event = an_event(endpoint, "Create", LINE_4)
    event["ResourceProperties"]["EndpointUrl"] = "http://127.0.0.1:9"
    with pytest.raises(Failed, match=r"2026-05-31.*endpoint_url.*GreengrassCoreDevices"):
        run(event)


def test_a_device_whose_endpoint_is_gone_can_be_forgotten_and_says_how(endpoint, bucket):
    event = an_event(endpoint, "Delete", LINE_4, PhysicalResourceId="device-1")
    event["ResourceProperties"]["EndpointUrl"] = "http://127.0.0.1:9"
    with pytest.raises(Failed, match="retain this resource: its device is then forgotten"):
        run(event)


def test_without_an_endpoint_of_ones_own_it_is_the_one_of_aws(endpoint):
    assert PanoramaApi().url == "https://panorama.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_says_what_to_do(status):
    assert status_advice({"ProvisioningStatus": status}) == (status, STATUSES[status])


def test_a_device_that_is_set_up_tells_how_it_is():
    device = {"ProvisioningStatus": "SUCCEEDED", "DeviceAggregatedStatus": "LEASE_EXPIRED"}
    assert status_advice(device)[1].startswith("the device was offline for too long")
    assert "not documented" in status_advice({"ProvisioningStatus": "ASLEEP"})[1]
