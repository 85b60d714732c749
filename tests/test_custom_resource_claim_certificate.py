"""The custom resource behind the claim certificate, against the emulator's AWS IoT and Secrets Manager."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from device_provisioning.lambdas.custom_resources import caretaker, claim_certificate
from tests.support.custom_resources import CloudFormation, answers_server
from tests.support.detaching import once_detached


class Claims:
    """The custom resource and what it makes."""

    def __init__(self, emulator, server):
        self.iot = emulator.client("iot")
        self.secrets = emulator.client("secretsmanager")
        self.cloudformation = CloudFormation(caretaker.handler, server, "Custom::ClaimCertificate")

    def a_secret(self):
        made = self.secrets.create_secret(Name=f"claim-{uuid.uuid4().hex[:8]}")
        return {"SecretId": made["ARN"]}

    def stored(self, secret):
        return json.loads(self.secrets.get_secret_value(**secret)["SecretString"])

    def certificates(self):
        """The status of every certificate."""
        pages = self.iot.get_paginator("list_certificates").paginate()
        return {
            certificate["certificateId"]: certificate["status"]
            for page in pages
            for certificate in page["certificates"]
        }


@pytest.fixture
def claims(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    with answers_server() as server:
        claims = Claims(emulator, server)
        before = claims.certificates()
        yield claims
        left = claims.certificates().keys() - before.keys()
    for certificate_id in left:
        claims.iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        claims.iot.delete_certificate(certificateId=certificate_id, forceDelete=True)


@pytest.fixture
def new(claims):
    """The certificates that are there now and were not before the test."""
    before = claims.certificates()
    return lambda: {name: s for name, s in claims.certificates().items() if name not in before}


def test_the_key_is_stored_in_the_secret_and_nowhere_else(claims, capsys):
    secret = claims.a_secret()
    answer = claims.cloudformation.create(secret)
    stored = claims.stored(secret)
    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] == stored["certificateId"]
    assert answer["Data"] == {
        "CertificateId": stored["certificateId"],
        "CertificateArn": stored["certificateArn"],
    }
    assert "PRIVATE KEY" in stored["privateKey"]
    assert "BEGIN CERTIFICATE" in stored["certificatePem"]
    reported = json.dumps(answer) + "".join(capsys.readouterr())
    assert "PRIVATE KEY" not in reported
    assert "BEGIN CERTIFICATE" not in reported


def test_the_certificate_is_active_once_its_key_is_stored(claims, new):
    claims.cloudformation.create(claims.a_secret())
    assert list(new().values()) == ["ACTIVE"]


def test_an_event_that_is_delivered_twice_makes_one_certificate(claims, new):
    secret, request_id = claims.a_secret(), str(uuid.uuid4())
    first = claims.cloudformation.create(secret, request_id=request_id)
    second = claims.cloudformation.create(secret, request_id=request_id)
    assert first["PhysicalResourceId"] == second["PhysicalResourceId"]
    assert len(new()) == 1


class StoredMeanwhile:
    """Secrets Manager as the second of two simultaneous deliveries sees it.

    The secret is empty when it looks first, and then holds what the first one stored with the same token,
    which AWS refuses to store anything else with; the emulator does not.
    """

    def __init__(self, secrets):
        self._secrets = secrets
        self._looked = False

    def get_secret_value(self, **secret):
        if not self._looked:
            self._looked = True
            return {}
        return self._secrets.get_secret_value(**secret)

    def put_secret_value(self, **_):
        raise ClientError({"Error": {"Code": "ResourceExistsException"}}, "PutSecretValue")


def test_an_event_that_is_delivered_twice_at_once_makes_one_certificate(claims, new, monkeypatch):
    secret, request_id = claims.a_secret(), str(uuid.uuid4())
    first = claims.cloudformation.create(secret, request_id=request_id)
    clients = {"secretsmanager": StoredMeanwhile(claims.secrets), "iot": claims.iot}
    monkeypatch.setattr(claim_certificate, "client", clients.get)
    second = claims.cloudformation.create(secret, request_id=request_id)
    assert second["Status"] == "SUCCESS"
    assert second["PhysicalResourceId"] == first["PhysicalResourceId"]
    assert new() == {first["PhysicalResourceId"]: "ACTIVE"}


def test_a_create_that_crashed_after_storing_the_key_goes_on_from_there(claims, new):
    secret = claims.a_secret()
    made = claims.iot.create_keys_and_certificate(setAsActive=False)
    stored = {name: made[name] for name in ("certificateId", "certificateArn", "certificatePem")}
    claims.secrets.put_secret_value(SecretString=json.dumps({**stored, "privateKey": "k"}), **secret)
    answer = claims.cloudformation.create(secret)
    assert answer["PhysicalResourceId"] == made["certificateId"]
    assert new() == {made["certificateId"]: "ACTIVE"}


def test_a_secret_whose_certificate_is_deleted_gets_another_one(claims, new):
    secret = claims.a_secret()
    gone = claims.cloudformation.create(secret)["PhysicalResourceId"]
    claims.cloudformation.delete(secret, gone)
    made = claims.cloudformation.create(secret)
    assert (made["Status"], new()) == ("SUCCESS", {claims.stored(secret)["certificateId"]: "ACTIVE"})


def test_a_create_that_is_delivered_again_after_the_delete_makes_no_certificate(claims, new):
    secret, request_id = claims.a_secret(), str(uuid.uuid4())
    made = claims.cloudformation.create(secret, request_id=request_id)
    claims.cloudformation.delete(secret, made["PhysicalResourceId"])
    assert claims.cloudformation.create(secret, request_id=request_id)["Status"] == "FAILED"
    assert new() == {}


def test_a_key_that_cannot_be_stored_leaves_no_certificate(claims, new):
    answer = claims.cloudformation.create({"SecretId": "not-there"})
    assert (answer["Status"], answer["Reason"]) == (
        "FAILED",
        "PutSecretValue failed: ResourceNotFoundException",
    )
    assert new() == {}


@pytest.mark.parametrize("content", ["a password", "[]", "7", '{"certificateId": "1"}'])
def test_a_secret_that_holds_something_else_is_left_alone(claims, new, content):
    secret = claims.a_secret()
    claims.secrets.put_secret_value(SecretString=content, **secret)
    answer = claims.cloudformation.create(secret)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("the secret does not hold a claim certificate")
    assert content not in answer["Reason"]
    assert claims.secrets.get_secret_value(**secret)["SecretString"] == content
    assert claims.cloudformation.delete(secret, answer["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert new() == {}


def test_an_update_keeps_the_certificate(claims, new):
    secret = claims.a_secret()
    made = claims.cloudformation.create(secret)
    updated = claims.cloudformation.update(secret, secret, made["PhysicalResourceId"])
    assert updated["PhysicalResourceId"] == made["PhysicalResourceId"]
    assert updated["Data"] == made["Data"]
    assert len(new()) == 1


def test_another_secret_gets_another_certificate_and_the_delete_that_follows_takes_the_old_one(claims, new):
    old, secret = claims.a_secret(), claims.a_secret()
    first = claims.cloudformation.create(old)
    second = claims.cloudformation.update(secret, old, first["PhysicalResourceId"])
    assert second["PhysicalResourceId"] != first["PhysicalResourceId"]
    claims.cloudformation.delete(old, first["PhysicalResourceId"])
    assert new() == {second["PhysicalResourceId"]: "ACTIVE"}


def test_a_delete_deactivates_detaches_and_deletes(claims, new):
    secret = claims.a_secret()
    made = claims.cloudformation.create(secret)
    arn, name = made["Data"]["CertificateArn"], f"n-{uuid.uuid4().hex[:8]}"
    claims.iot.create_policy(policyName=name, policyDocument='{"Version": "2012-10-17", "Statement": []}')
    claims.iot.attach_policy(policyName=name, target=arn)
    claims.iot.create_thing(thingName=name)
    claims.iot.attach_thing_principal(thingName=name, principal=arn)
    assert claims.cloudformation.delete(secret, made["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert new() == {}
    once_detached(claims.iot.delete_policy, policyName=name)
    claims.iot.delete_thing(thingName=name)


@pytest.mark.parametrize("gone", ["certificate", "secret", "both"])
def test_a_delete_of_what_is_gone_already_succeeds(claims, new, gone):
    secret = claims.a_secret()
    made = claims.cloudformation.create(secret)
    certificate_id = made["PhysicalResourceId"]
    if gone != "secret":
        claims.iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        claims.iot.delete_certificate(certificateId=certificate_id)
    if gone != "certificate":
        claims.secrets.delete_secret(ForceDeleteWithoutRecovery=True, **secret)
    assert claims.cloudformation.delete(secret, certificate_id)["Status"] == "SUCCESS"
    assert claims.cloudformation.delete(secret, certificate_id)["Status"] == "SUCCESS"
    assert new() == {}


def test_a_delete_after_a_failed_create_takes_what_that_left(claims, new):
    secret = claims.a_secret()
    made = claims.iot.create_keys_and_certificate(setAsActive=False)
    stored = {name: made[name] for name in ("certificateId", "certificateArn", "certificatePem")}
    claims.secrets.put_secret_value(SecretString=json.dumps(stored), **secret)
    assert claims.cloudformation.delete(secret, "failed-1")["Status"] == "SUCCESS"
    assert new() == {}


def test_a_delete_before_anything_was_made_succeeds(claims):
    assert claims.cloudformation.delete(claims.a_secret(), "failed-1")["Status"] == "SUCCESS"
    assert claims.cloudformation.delete({"SecretId": "not-there"}, "failed-2")["Status"] == "SUCCESS"
