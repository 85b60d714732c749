"""The ready program with all that can be added to it, deployed by Pulumi's own engine to the emulator."""

import json

import pytest

from tests.support.needing_engine import needs_engine
from tests.support.pumps import ListedPump, require_swap
from tests.support.rotated_claims import RotatedClaim, reach
from workshop.emulator import ACCOUNT
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [needs_engine, pytest.mark.timeout(900)]

SETTINGS = {
    "certificateRotation": "true",
    "claimRotationDays": "30",
    "disposable": "true",
    "thingNamePrefix": "turning-",
    "trustedUser": f"arn:aws:iam::{ACCOUNT}:root",
}


def rotation_rules(emulator):
    rules = emulator.client("iot").list_topic_rules()["rules"]
    return [rule["ruleName"] for rule in rules if rule["ruleName"].startswith("turning_rotation")]


@pytest.fixture(scope="module")
def stack(emulator, tmp_path_factory):
    stack = stack_of(FLEET, emulator, tmp_path_factory.mktemp("rotations"), settings=SETTINGS)
    secret_arn = stack.up().outputs["ClaimCertificateSecretArn"].value
    yield stack
    claim = RotatedClaim(emulator, secret_arn)
    stored = claim.stored()
    stack.destroy()
    assert claim.status(stored) == "GONE"
    assert rotation_rules(emulator) == []


def test_a_device_swaps_its_certificate_and_keeps_its_thing(stack, emulator):
    (policy,) = [
        policy["policyName"]
        for policy in emulator.client("iot").list_policies()["policies"]
        if policy["policyName"].startswith("device-policy-policy-")
    ]
    outputs = stack.outputs()
    pump = ListedPump(emulator, policy, outputs["DeviceAllowListTableName"].value)
    require_swap(pump, outputs["RotationTemplateName"].value)


def test_a_trusted_user_may_create_claims_and_nothing_else(stack, emulator):
    iam, outputs = emulator.client("iam"), stack.outputs()
    role_name = outputs["TrustedUserRoleArn"].value.rpartition("/")[2]
    (policy_name,) = iam.list_role_policies(RoleName=role_name)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role_name, PolicyName=policy_name)["PolicyDocument"]
    (statement,) = document["Statement"]
    assert statement["Action"] == "iot:CreateProvisioningClaim"
    assert statement["Resource"].endswith(f":provisioningtemplate/{outputs['TemplateName'].value}")


@pytest.mark.exhaustive
def test_a_second_preview_has_nothing_to_do(stack):
    assert stack.preview(expect_no_changes=True)


@pytest.mark.exhaustive
def test_the_rotated_claim_works_the_old_one_does_not_and_the_stack_follows(stack, emulator, monkeypatch):
    reach(emulator, monkeypatch)
    monkeypatch.setenv("CLIENT_ID", "claim-rotation")
    claim = RotatedClaim(emulator, stack.outputs()["ClaimCertificateSecretArn"].value)
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
    (rule_name,) = rotation_rules(emulator)
    iot.disable_topic_rule(ruleName=rule_name)
    stack.refresh()
    stack.up()
    state = json.dumps(stack.export_stack().deployment)
    assert new["certificateArn"] in state
    assert old["certificateArn"] not in state
    assert claim.connects(new)
    assert iot.get_topic_rule(ruleName=rule_name)["rule"]["ruleDisabled"] is False
    assert stack.preview(expect_no_changes=True)
