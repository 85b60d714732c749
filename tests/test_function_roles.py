"""The roles of the library's own functions, and those that the caretaker acts with."""

import pytest

from device_provisioning.aws_iot.environment import Environment
from device_provisioning.fleet.caretaker_rights import merged
from device_provisioning.fleet.custom_resource_rights import (
    claim_certificate_policy,
    declared_template_policy,
    listed_devices_policy,
    provisioned_certificates_policy,
)
from device_provisioning.fleet.function_roles import (
    caretaker_policy,
    caretaker_trust,
    function_trust,
    pre_provisioning_hook_policy,
    register_devices_policy,
)

IRELAND = Environment("111122223333", "eu-west-1")
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/devices"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:claim-AbCdEf"
POLICY = IRELAND.iot_arn("policy/sensor")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"

TEMPLATE = IRELAND.template_arn("sensors")
ROLE = "arn:aws:iam::111122223333:role/provisioning"

POLICIES = {
    "caretaker": caretaker_policy("log", IRELAND),
    "declared template": declared_template_policy(TEMPLATE, ROLE),
    "hook": pre_provisioning_hook_policy(TABLE, "log", IRELAND, KEY),
    "listed devices": listed_devices_policy(TABLE, KEY),
    "claim certificate": claim_certificate_policy(SECRET, IRELAND, KEY),
    "provisioned certificates": provisioned_certificates_policy(POLICY, IRELAND),
}


def test_only_lambda_in_this_account_may_assume_the_roles():
    (statement,) = function_trust(IRELAND)["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_only_the_caretaker_of_the_stack_may_assume_the_roles_that_it_acts_with():
    (statement,) = caretaker_trust(ROLE)["Statement"]
    assert statement == {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}


def test_the_caretaker_itself_may_do_nothing_but_write_its_log():
    assert [statement["Sid"] for statement in POLICIES["caretaker"]["Statement"]] == ["Logs"]


def test_statements_are_merged_that_differ_in_their_resources_only():
    tables = [listed_devices_policy(f"{TABLE}-{name}", KEY)["Statement"] for name in "ab"]
    records, key = merged([*tables[0], *tables[1], *tables[0]])["Statement"]
    assert records["Resource"] == [f"{TABLE}-a", f"{TABLE}-b"]
    assert key["Resource"] == KEY


def test_statements_stay_apart_that_differ_in_anything_else():
    claim = claim_certificate_policy(SECRET, IRELAND)["Statement"]
    revocation = provisioned_certificates_policy(POLICY, IRELAND)["Statement"]
    sids = [statement["Sid"] for statement in merged([*claim, *revocation])["Statement"]]
    assert len(sids) == len(set(sids))
    assert {"Certificate", "Certificates"} < set(sids)


@pytest.mark.parametrize("name", ["caretaker", "hook"])
def test_logs_go_to_the_functions_own_log_group(name):
    (logs,) = [s for s in POLICIES[name]["Statement"] if s["Sid"] == "Logs"]
    assert logs["Resource"] == "arn:aws:logs:eu-west-1:111122223333:log-group:log:*"


@pytest.mark.parametrize("name", POLICIES)
def test_no_action_is_a_wildcard_and_only_what_has_no_resource_level_control_is_everywhere(name):
    everywhere = {"iot:CreateKeysAndCertificate", "iot:ListPrincipalThings"}
    for statement in POLICIES[name]["Statement"]:
        actions = {statement["Action"]} if isinstance(statement["Action"], str) else {*statement["Action"]}
        assert not any("*" in action for action in actions)
        assert (statement["Resource"] == "*") == bool(actions & everywhere)


def test_the_hook_can_claim_a_record_but_not_read_scan_or_delete():
    statements = {s["Sid"]: s["Action"] for s in POLICIES["hook"]["Statement"]}
    assert statements["Reservation"] == "dynamodb:UpdateItem"


def test_the_template_that_is_kept_as_declared_gets_no_role_but_the_one_it_has():
    statements = {s["Sid"]: s for s in POLICIES["declared template"]["Statement"]}
    assert statements["Template"]["Resource"] == TEMPLATE
    assert statements["ProvisioningRole"]["Resource"] == ROLE
    assert statements["ProvisioningRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}
    }


def test_whoever_registers_devices_cannot_reset_what_was_used_up():
    [statement, _reading] = register_devices_policy(TABLE)["Statement"]
    assert statement["Action"] == "dynamodb:UpdateItem"
    attributes = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert not {"certificate_id", "claimed_at", "reprovisioned"} & set(attributes)


WITHOUT_KEY = {
    "hook": pre_provisioning_hook_policy(TABLE, "log", IRELAND),
    "listed devices": listed_devices_policy(TABLE),
    "claim certificate": claim_certificate_policy(SECRET, IRELAND),
}


@pytest.mark.parametrize("name", WITHOUT_KEY)
def test_a_customer_key_is_granted_only_where_there_is_one(name):
    assert any(s["Resource"] == KEY for s in POLICIES[name]["Statement"])
    assert not any("Key" in s["Sid"] for s in WITHOUT_KEY[name]["Statement"])
