"""A Panorama device on AWS CDK."""

import json

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match, Template

from device_provisioning.cdk import (
    EthernetPayload,
    NetworkPayload,
    NtpPayload,
    PanoramaDevice,
    StaticIpConnectionInfo,
)
from tests.support.synthesis import a_stack, caretaker_statements, only, own_part, properties, synthesised

DEVICE = "Custom::PanoramaDevice"
NETWORK = NetworkPayload(
    ethernet0=EthernetPayload(
        connection_type="STATIC_IP",
        static_ip_connection_info=StaticIpConnectionInfo(
            ip_address="10.2.0.9", mask="255.255.255.0", default_gateway="10.2.0.1", dns=["10.2.0.1"]
        ),
    ),
    ethernet1=EthernetPayload(connection_type="DHCP"),
    ntp=NtpPayload(ntp_servers=["0.pool.ntp.org"]),
)


def a_device(stack, **settings):
    return PanoramaDevice(stack, "Camera", **{"name": "line-4", **settings})


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    a_device(
        stack,
        description="dock camera",
        networking_configuration=NETWORK,
        tags={"site": "p7"},
        endpoint_url="https://panorama.example.com",
        encryption_key=key,
    )


def test_synthesis_warns_of_the_end_of_support_and_names_the_way_on():
    stack = a_stack()
    a_device(stack)
    warning = Match.string_like_regexp(r"2026-05-31.*endpoint_url.*GreengrassCoreDevices")
    Annotations.from_stack(stack).has_warning("/Stack/Camera", warning)


def test_the_function_gets_the_request_of_the_api():
    resource = properties(synthesised(with_everything), DEVICE)
    assert json.loads(resource["Device"])["NetworkingConfiguration"] == NETWORK.document()
    assert resource["EndpointUrl"] == "https://panorama.example.com"


def test_the_archive_is_encrypted_not_public_and_gone_after_a_day():
    bucket = only(synthesised(a_device), "AWS::S3::Bucket")
    settings = bucket["Properties"]
    (rule,) = settings["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms"}
    assert all(settings["PublicAccessBlockConfiguration"].values())
    (lifecycle,) = settings["LifecycleConfiguration"]["Rules"]
    assert (lifecycle["ExpirationInDays"], lifecycle["Status"]) == (1, "Enabled")
    assert bucket["DeletionPolicy"] == "Delete"


def test_the_function_may_touch_the_archive_of_its_device_only():
    statements = caretaker_statements(synthesised(a_device))
    (_, ending) = statements["Archive"]["Resource"]["Fn::Join"][1]
    assert ending == "/certificates-omni_line-4.zip"
    assert statements["Devices"]["Resource"] == "arn:aws:panorama:eu-west-1:111122223333:device/*"
    everywhere = [sid for sid, statement in statements.items() if statement["Resource"] == "*"]
    assert everywhere == ["DevicesWithoutResourceLevel"]


def test_the_output_tells_where_the_archive_is_and_until_when():
    stack = a_stack()
    a_device(stack)
    template = Template.from_stack(stack)
    (output,) = template.find_outputs("*").values()
    (resource,) = template.find_resources(DEVICE)
    read = [part["Fn::GetAtt"] for part in output["Value"]["Fn::Join"][1] if isinstance(part, dict)]
    assert read == [[resource, name] for name in ("ArchiveLocation", "ArchiveExpiresAt", "Status", "Advice")]


def test_a_bucket_of_ones_own_keeps_the_archive():
    stack = a_stack()
    bucket = s3.Bucket.from_bucket_name(stack, "Own", "own-bucket")
    a_device(stack, archive_bucket=bucket)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::S3::Bucket", 0)
    assert properties(template, DEVICE)["ArchiveBucketName"] == "own-bucket"


def test_a_customer_key_without_a_bucket_to_encrypt_is_refused():
    stack = a_stack()
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    bucket = s3.Bucket.from_bucket_name(stack, "Own", "own-bucket")
    with pytest.raises(ValueError, match="set it on your bucket"):
        a_device(stack, archive_bucket=bucket, encryption_key=key)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "line 4", "description": "a\nb"}, r"(?s)name 'line 4' has.*description has a line break"),
        ({"tags": {f"k{number}": "" for number in range(50)}}, "tags are 50: give at most 49"),
        ({"endpoint_url": "http://panorama.example.com"}, "is not encrypted: give an https:// URL"),
        ({"endpoint_url": "panorama.example.com"}, "is not a URL"),
    ],
)
def test_what_the_api_does_not_accept_is_refused_at_synthesis(settings, message):
    with pytest.raises(ValueError, match=message):
        a_device(a_stack(), **settings)


def test_an_endpoint_on_the_machine_itself_and_49_tags_are_accepted():
    tags = {f"k{number}": "" for number in range(49)}
    assert a_device(a_stack(), endpoint_url="http://localhost:8080", tags=tags)


def test_a_description_that_is_known_at_deployment_only_is_passed_on():
    def define(stack):
        a_device(stack, description=stack.stack_id)

    device = properties(synthesised(define), DEVICE)["Device"]
    assert {"Ref": "AWS::StackId"} in device["Fn::Join"][1]


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_device, PanoramaDevice) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, PanoramaDevice) == snapshot
