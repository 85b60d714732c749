"""Certificates that are replaced, in a program that Pulumi's own engine deploys to the emulator."""

import pulumi
import pytest
from needing_engine import needs_engine
from pumps import require_swap
from rotated_claims import RotatedClaim, reach

from device_provisioning.local.pulumi_engine import FLEET, stack_of
from device_provisioning.pulumi import CertificateRotation, DevicePolicy, FleetProvisioning

pytestmark = [needs_engine, pytest.mark.timeout(900)]

ROTATION = "pulumi-pump-rotation"


def program():
    fleet = {"thing_name_prefix": "pulumi-rotated-", "rotate_claim_automatically_after_days": 30}
    claimed = FleetProvisioning("fleet", fleet)
    pulumi.export("SecretArn", claimed.claim_certificate_secret_arn)
    pulumi.export("CertificateArn", claimed.claim_certificate_arn)
    settings = {"policy_name": "pulumi-turning-pump", "rotation_template_name": ROTATION}
    CertificateRotation(
        "rotation",
        {
            "template_name": ROTATION,
            "thing_name_prefix": "turning-",
            "device_policy": DevicePolicy("policy", settings).resource,
        },
    )


@pytest.fixture(scope="module")
def stack(emulator, tmp_path_factory):
    stack = stack_of(FLEET, emulator, tmp_path_factory.mktemp("rotations"), program=program)
    secret_arn = stack.up().outputs["SecretArn"].value
    yield stack
    claim = RotatedClaim(emulator, secret_arn).stored()
    stack.destroy()
    certificates = emulator.client("iot").list_certificates()["certificates"]
    assert claim["certificateId"] not in {certificate["certificateId"] for certificate in certificates}
    rules = emulator.client("iot").list_topic_rules()["rules"]
    assert not [rule for rule in rules if "pulumi_pump" in rule["ruleName"]]


def test_a_device_swaps_its_certificate_and_keeps_its_thing(stack, emulator):
    require_swap(emulator, ROTATION, "pulumi-turning-pump")


def test_a_second_preview_has_nothing_to_do(stack):
    assert stack.preview(expect_no_changes=True)


def test_the_rotated_claim_works_the_old_one_does_not_and_the_stack_follows(stack, emulator, monkeypatch):
    reach(emulator, monkeypatch)
    monkeypatch.setenv("CLIENT_ID", "claim-rotation")
    claim = RotatedClaim(emulator, stack.outputs()["SecretArn"].value)
    rules = claim.secrets.describe_secret(SecretId=claim.secret_id)["RotationRules"]
    assert rules == {"AutomaticallyAfterDays": 30}
    old = claim.stored()
    claim.invoke("createSecret", "setSecret")
    claim.step("testSecret")
    assert claim.connects(old)
    claim.invoke("finishSecret")
    new = claim.stored()
    assert (claim.connects(new), claim.connects(old)) == (True, False)
    assert (claim.status(new), claim.status(old)) == ("ACTIVE", "GONE")

    iot = emulator.client("iot")
    (rule,) = [r for r in iot.list_topic_rules()["rules"] if "pulumi_pump" in r["ruleName"]]
    iot.disable_topic_rule(ruleName=rule["ruleName"])
    stack.refresh()
    assert stack.up().outputs["CertificateArn"].value == new["certificateArn"]
    assert claim.connects(new)
    assert iot.get_topic_rule(ruleName=rule["ruleName"])["rule"]["ruleDisabled"] is False
    assert stack.preview(expect_no_changes=True)
