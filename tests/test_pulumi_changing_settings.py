"""What a changed setting of a deployed fleet touches, and what stays secret on its way."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import FleetProvisioning
from device_provisioning.pulumi_providers.listed_devices import ListedDevicesProvider
from device_provisioning.pulumi_providers.template import TemplateProvider
from tests.support.pulumi_program import ran

TEMPLATE, HOOK, DEVICES = "fleet-template-template", "fleet-hook-allow-list-hook", "fleet-device-allow-list"
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----"
CLAIM_POLICY = "fleet-claim-policy"


def fleet(**settings):
    return ran(lambda: FleetProvisioning("fleet", {"thing_name_prefix": "s-", **settings}))


def changed(**settings):
    """The resources that are other ones, or have other inputs, by name."""
    before, after = fleet().resources, fleet(**settings).resources
    names = {urn for urn in before | after if before.get(urn) != after.get(urn)}
    return {urn.rpartition("::")[2] for urn in names}


@pytest.mark.parametrize(
    ("settings", "touched"),
    [
        ({"tags": {"site": "plant7"}}, {TEMPLATE}),
        ({"description": "Sensors"}, {TEMPLATE}),
        ({"enabled": False}, {TEMPLATE}),
        ({"device_configuration": {"broker": "mqtt-1"}}, {TEMPLATE}),
        ({"reprovisioning": 2}, {f"{HOOK}-function"}),
        ({"certificate_sources": ["create-from-csr"]}, {CLAIM_POLICY}),
        ({"payload_formats": ["cbor"]}, {CLAIM_POLICY}),
        ({"devices": [{"serial_number": "A"}]}, {f"{DEVICES}-listed-devices"}),
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_setting_touches_nothing_else(settings, touched):
    assert changed(**settings) == touched


def test_no_setting_of_the_template_or_of_the_claim_touches_the_table():
    settings = {"template_name": "other", "thing_groups": ["a"], "attributes": {"site": "plant7"}}
    assert f"{DEVICES}-table" not in changed(**settings, claim_client_id_patterns=["factory-*"])


def test_another_name_replaces_the_template_and_a_csr_the_claim_and_nothing_replaces_devices():
    names = {"template_name": "a", "template_type": "b", "region": "c", "account_id": "d"}
    inputs = {**names, "tags": {}, "enabled": True, "description": "", "template_body": "{}"}
    for setting in inputs:
        found = TemplateProvider().diff("id", inputs, {**inputs, setting: "other"})
        assert found.replaces == ([setting] if setting in names else [])
    assert {"fleet-claim-secret", "fleet-claim-certificate"} <= changed(certificate_signing_request=CSR)
    listed = {"table_name": "a", "devices": "[]", "account_id": "b", "region": "c"}
    assert ListedDevicesProvider().diff("id", listed, {**listed, "devices": "[1]"}).replaces == []


def test_secrets_of_a_program_stay_secret_in_every_setting_of_the_template():
    secret = pulumi.Output.secret

    def define():
        settings = {
            "description": secret("word-1"),
            "tags": {"site": secret("word-2")},
            "attributes": {"key": secret("word-3")},
            "device_configuration": {"password": secret("word-4")},
        }
        FleetProvisioning("fleet", {"thing_name_prefix": "s-", **settings})

    inputs = ran(define).named(TEMPLATE)["inputs"]
    assert inputs["description"] == {"SECRET": "word-1"}
    assert "SECRET" in json.dumps(inputs["tags"])
    assert set(inputs["template_body"]) == {"SECRET"}
    assert {"word-3", "word-4"} <= set(json.dumps(inputs["template_body"]).replace('"', " ").split())


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_names_of_resources_of_the_same_program_may_be_settings(preview):
    def define():
        group = aws.iot.ThingGroup("group")
        policy = aws.iot.Policy("policy", policy="{}")
        settings = {
            "thing_name_prefix": policy.name,
            "thing_groups": [group.name],
            "template_name": group.name,
            "tags": {"group": group.arn},
            "alarm_actions": [group.arn],
        }
        FleetProvisioning("fleet", settings)

    program = ran(define, preview=preview)
    assert program.named(TEMPLATE)["inputs"]["template_name"] == ("UNKNOWN" if preview else "group")


def test_fleets_of_one_account_have_templates_of_different_names():
    proposed = ran(lambda: FleetProvisioning("fleet", {"thing_name_prefix": "s-"})).only("GeneratedName")
    other = ran(lambda: FleetProvisioning("other", {"thing_name_prefix": "s-"})).only("GeneratedName")
    assert proposed["proposed"] != other["proposed"]
