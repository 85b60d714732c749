"""The endpoint that stands for AWS Panorama in these tests refuses what AWS would refuse."""

import json
import urllib.error
import urllib.request

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.panorama_endpoint import PanoramaEndpoint

STATIC = {"ConnectionType": "STATIC_IP"}
INFO = {"IpAddress": "10.2.0.9", "Mask": "255.255.255.0", "DefaultGateway": "10.2.0.1", "Dns": []}


@pytest.fixture(scope="module")
def endpoint():
    with PanoramaEndpoint() as running:
        yield running


def ask(endpoint, body, *, method="POST", path="/devices", secret="test", service="panorama", sent=None):
    data = json.dumps(body).encode()
    request = AWSRequest(method, endpoint.url + path, {"Content-Type": "application/json"}, data)
    SigV4Auth(Credentials("test", secret), service, "eu-west-1").add_auth(request)
    headers = dict(request.headers.items())
    try:
        with urllib.request.urlopen(
            urllib.request.Request(endpoint.url + path, sent or data, headers, method=method)
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_request_that_is_right_makes_a_device(endpoint):
    status, answer = ask(endpoint, {"Name": "line-4"})
    assert (status, answer["Status"]) == (200, "AWAITING_PROVISIONING")


@pytest.mark.parametrize(
    "settings",
    [
        {"secret": "other"},
        {"service": "iot"},
        {"sent": b'{"Name": "other"}'},
        {"path": "/device"},
        {"method": "PUT"},
    ],
    ids=["another-secret", "another-service", "another-body", "another-path", "another-method"],
)
def test_a_request_that_is_not_signed_for_what_it_asks_is_refused(endpoint, settings):
    before = len(endpoint.devices)
    status, _ = ask(endpoint, {"Name": "line-4"}, **settings)
    assert status == 400
    assert len(endpoint.devices) == before


def test_a_request_without_a_signature_is_refused(endpoint):
    request = urllib.request.Request(f"{endpoint.url}/devices", b'{"Name": "line-4"}', method="POST")
    with pytest.raises(urllib.error.HTTPError, match="400") as error:
        urllib.request.urlopen(request)
    error.value.close()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"Name": "line 4"}, "Name"),
        ({"Name": "n" * 256}, "Name"),
        ({"Name": "a", "Color": "red"}, "body"),
        ({"Name": "a", "Description": "a\nb"}, "Description"),
        ({"Name": "a", "Tags": {f"k{number}": "" for number in range(51)}}, "Tags"),
        ({"Name": "a", "Tags": {"": ""}}, "TagKey"),
        ({"Name": "a", "NetworkingConfiguration": {"Ethernet0": STATIC}}, "StaticIpConnectionInfo"),
        (
            {
                "Name": "a",
                "NetworkingConfiguration": {
                    "Ethernet0": {"ConnectionType": "DHCP", "StaticIpConnectionInfo": INFO}
                },
            },
            "StaticIpConnectionInfo",
        ),
        (
            {
                "Name": "a",
                "NetworkingConfiguration": {
                    "Ethernet0": {**STATIC, "StaticIpConnectionInfo": {**INFO, "IpAddress": "10.2.0.256"}}
                },
            },
            "IpAddress",
        ),
        ({"Name": "a", "NetworkingConfiguration": {"Ntp": {"NtpServers": ["UPPER.org"]}}}, "NtpServer"),
        ({"Name": "a", "NetworkingConfiguration": {"Ntp": {"NtpServers": ["a.org"] * 6}}}, "NtpServers"),
    ],
)
def test_a_request_beyond_a_limit_is_refused_with_the_field(endpoint, body, field):
    status, answer = ask(endpoint, body)
    assert (status, answer["Reason"]) == (400, "FIELD_VALIDATION_FAILED")
    assert [entry["Name"] for entry in answer["Fields"]] == [field]
