"""Whatever calls AWS IoT lives with its quotas: what is turned away is tried again and ends as it would have.

An emulator has a tenth of AWS's quotas; the wire to it empties a bucket just before the first call comes by.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.bulk import following
from device_provisioning.cli import app
from device_provisioning.lambdas.custom_resources import certificates
from device_provisioning.lambdas.pre_provisioning_hook import handler as hook_handler
from device_provisioning.pulumi_providers.template import TemplateProvider
from tests.support.crowded_wire import ASK, CHANGE, CREATE, DESCRIBE, ROLE, START, UPDATE, CrowdedWire
from tests.support.custom_resource_kinds import KINDS
from tests.support.custom_resources import answers_server
from tests.support.faulty_wire import faulty_wire
from tests.support.hooks import a_certificate_id, a_request, devices_in
from tests.support.pulumi_processes import dynamic_provider
from workshop import device
from workshop.emulator import ACCOUNT, REGION, Emulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
BODY = Path(__file__).parent / "templates" / "bulk" / "valid-signing-request.json"


@pytest.fixture(scope="module")
def narrow():
    with Emulator(quotas=0.1) as running:
        yield running


@pytest.fixture
def wire(narrow, monkeypatch):
    """The way to the emulator that whatever runs in this process takes."""
    with faulty_wire(narrow, CrowdedWire) as wire:
        for name, value in {**narrow.environment(), "AWS_ENDPOINT_URL": wire.url}.items():
            monkeypatch.setenv(name, value)
        hook_handler._client.cache_clear()
        certificates._client.cache_clear()
        yield wire
        hook_handler._client.cache_clear()
        certificates._client.cache_clear()


def test_a_hook_that_is_turned_away_allows_the_device_in_time(narrow, wire, monkeypatch):
    wire.crowded[ASK] = 1
    with devices_in(narrow.client("dynamodb")) as devices:
        monkeypatch.setenv("ALLOW_LIST_TABLE_NAME", devices.table_name)
        devices.put("A-1", certificate_id={"S": a_certificate_id()}, reserved_at={"N": "1"})
        hook_handler._client("dynamodb"), hook_handler._client("iot")
        assert hook_handler.handler(a_request("A-1"))["allowProvisioning"]
    assert ASK in wire.throttled


def test_a_dynamic_provider_that_is_turned_away_creates_and_changes_its_template(narrow, wire):
    wire.crowded.update([CREATE, CHANGE, DESCRIBE])
    settings = {
        "template_name": "throttled",
        "template_type": "FLEET_PROVISIONING",
        "template_body": a_body("first"),
        "provisioning_role_arn": ROLE,
        "hook_arn": "",
        "description": "",
        "enabled": True,
        "tags": {},
        "silenced_rules": {},
        "account_id": ACCOUNT,
        "region": REGION,
    }
    changed = {**settings, "template_body": a_body("changed")}
    with dynamic_provider({**narrow.environment(), "AWS_ENDPOINT_URL": wire.url}) as engine:
        template_id, made = engine.create(TemplateProvider(), settings)
        engine.update(TemplateProvider(), template_id, made, changed)
    described = narrow.client("iot").describe_provisioning_template(templateName="throttled")
    assert "changed" in described["templateBody"]
    assert {CREATE, CHANGE, DESCRIBE} <= set(wire.throttled)


@pytest.mark.parametrize(
    ("resource_type", "crowded"),
    [
        ("Custom::ClaimCertificate", {UPDATE}),
        ("Custom::DeclaredProvisioningTemplate", {CHANGE, DESCRIBE}),
        ("Custom::ProvisionedCertificates", {UPDATE}),
    ],
)
def test_a_custom_resource_that_is_turned_away_ends_as_it_would_have(narrow, wire, resource_type, crowded):
    wire.crowded.update(crowded)
    with answers_server() as answers:
        kind = KINDS[resource_type](narrow, answers)
        made = kind.send("Create", kind.first)
        changed = kind.send(
            "Update",
            kind.changed,
            PhysicalResourceId=made["PhysicalResourceId"],
            OldResourceProperties=kind.first,
        )
        deleted = kind.send("Delete", kind.changed, PhysicalResourceId=changed["PhysicalResourceId"])
        kind.close()
    assert [answer["Status"] for answer in (made, changed, deleted)] == ["SUCCESS"] * 3
    assert crowded <= set(wire.throttled)


def test_a_registration_task_that_is_turned_away_is_started(narrow, wire, tmp_path, monkeypatch):
    wire.crowded[START] = 1
    monkeypatch.setattr(following, "SECONDS_BETWEEN", 0.1)
    place = {"LocationConstraint": REGION}
    narrow.client("s3").create_bucket(Bucket="lines", CreateBucketConfiguration=place)
    nothing = json.dumps({"Version": "2012-10-17", "Statement": []})
    narrow.client("iot").create_policy(policyName="sensor-runtime", policyDocument=nothing)
    _, csr = device.key_and_csr()
    lines = tmp_path / "devices.jsonl"
    lines.write_text(json.dumps({"ThingName": "throttled", "CSR": csr}))
    words = ["bulk", "start", lines, "--template", BODY, "--bucket", "lines", "--role", ROLE]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.stderr
    assert "Completed: 1 registered, 0 failed" in done.stdout
    assert START in wire.throttled


def a_body(group):
    """A body that no rule finds fault with."""
    thing = {"ThingName": {"Ref": "SerialNumber"}, "ThingGroups": [group]}
    certificate = {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"}
    text = {"Type": "String"}
    parameters = {"SerialNumber": text, "AWS::IoT::Certificate::Id": text}
    resources = {
        "thing": {"Type": "AWS::IoT::Thing", "Properties": thing},
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": certificate},
    }
    return json.dumps({"Parameters": parameters, "Resources": resources})
