"""The quotas of the emulator are those of AWS IoT, per operation, and the library lives with them."""

import re
import time

import boto3
import pytest
from botocore.config import Config
from botocore.loaders import Loader

from device_provisioning.lambdas.custom_resources.certificates import CONFIG
from device_provisioning.lambdas.custom_resources.provisioned_certificates import revoke_holders
from workshop.emulator import REGION, Emulator
from workshop.extensions import quotas
from workshop.extensions.quotas import Bucket

SECONDS = 60


class TestBucket:
    def test_a_second_of_calls_is_there_at_once_and_then_they_come_back_at_the_rate(self):
        now = [0.0]
        bucket = Bucket(10, lambda: now[0])
        assert [bucket.take() for _ in range(11)] == [True] * 10 + [False]
        now[0] = 0.3
        assert [bucket.take() for _ in range(4)] == [True] * 3 + [False]

    def test_no_more_than_a_second_of_calls_is_saved(self):
        now = [0.0]
        bucket = Bucket(2, lambda: now[0])
        now[0] = 100
        assert [bucket.take() for _ in range(3)] == [True, True, False]

    def test_a_rate_below_one_is_one_call_each_few_seconds(self):
        now = [0.0]
        bucket = Bucket(0.5, lambda: now[0])
        assert [bucket.take() for _ in range(2)] == [True, False]
        now[0] = 2
        assert bucket.take()


def test_every_operation_with_a_quota_is_known_by_its_request():
    operations = Loader().load_service_model("iot", "service-2")["operations"]
    known = {
        quotas.operation_of(http["method"], re.sub("{[^}]*}", "name", http["requestUri"])): name
        for name in quotas.PER_SECOND
        if (http := operations[name]["http"])
    }
    assert known == {name: name for name in quotas.PER_SECOND}
    assert set(quotas.REQUESTS.values()) == quotas.PER_SECOND.keys()


@pytest.fixture(scope="module")
def narrow():
    """An emulator with a fifth of AWS's default quotas."""
    with Emulator(quotas=0.2) as running:
        yield running


def calls_until_throttled(client):
    """How many calls come through before one is refused; the refusal, too."""
    until, calls = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        try:
            client.list_provisioning_templates()
        except client.exceptions.ThrottlingException as error:
            return calls, error
        calls += 1
    raise AssertionError(f"{calls} calls came through")


def client(emulator, config):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("iot", endpoint_url=emulator.url, region_name=REGION, config=config, **keys)


def test_a_call_too_many_is_throttled_and_comes_through_when_it_is_tried_again(narrow):
    calls, error = calls_until_throttled(client(narrow, Config(retries={"total_max_attempts": 1})))
    assert calls >= 1
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    for _ in range(3):
        narrow.client("iot").list_provisioning_templates()


def test_certificates_are_revoked_although_the_calls_are_throttled(narrow):
    iot = client(narrow, CONFIG)
    iot.create_policy(policyName="narrow", policyDocument='{"Version": "2012-10-17", "Statement": []}')
    for _ in range(6):
        made = iot.create_keys_and_certificate(setAsActive=True)
        iot.attach_policy(policyName="narrow", target=made["certificateArn"])
    revoke_holders(iot, "narrow", lambda: SECONDS)
    assert iot.list_certificates()["certificates"] == []
