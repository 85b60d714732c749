"""Settings that exclude each other: refused with every name, on whichever engine they are given."""

import pytest

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.certificate_mode import require_certificates
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.aws_iot.jitp_body import jitp_body
from device_provisioning.fleet import choices, own_table
from device_provisioning.fleet.claim_rotation import require_rotation_days
from device_provisioning.greengrass import choices as of_greengrass
from device_provisioning.panorama.choices import require_bucket_to_encrypt
from device_provisioning.panorama.endpoint import require_endpoint

PEM = "-----BEGIN CERTIFICATE-----\n"
UNKNOWN = "${Token[TOKEN.1]}"
FLEET, JITP = TemplateType.FLEET_PROVISIONING, TemplateType.JITP
OWN_FLEET, OWN_JITP = fleet_body(policy_name="p", thing_name_prefix="a-"), jitp_body(policy_name="p")
IRELAND, OHIO = Environment("111122223333", "eu-west-1"), Environment("444455556666", "us-east-2")
DEFAULTS = {"memory": 512, "tracing": False}
REFUSED = [
    (lambda: choices.require_one_hook_decider(None, None), ["given: none"]),
    (lambda: choices.require_one_hook_decider("list", "function"), ["given: both"]),
    (
        lambda: choices.require_settings_of_own_function({"memory": 1024, "tracing": True}, DEFAULTS, 6),
        ["memory, tracing would have no effect", "a timeout of 6 seconds"],
    ),
    (
        lambda: choices.require_settings_that_apply("hook", reprovisioning="ALLOW", alarm_actions=["alarm"]),
        ["reprovisioning, alarm_actions would have no effect"],
    ),
    (
        lambda: choices.require_one_claim_source("csr", "arn"),
        ["certificate_signing_request", "certificate_arn"],
    ),
    (
        lambda: choices.require_one_claim_source(None, "arn", key="k", days=3),
        ["key and days is for the secret"],
    ),
    (
        lambda: choices.require_no_template_of_its_own(template_name="a", description="b"),
        ["template_name, description would have no effect"],
    ),
    (lambda: choices.require_own_table("table", "key", None), ["encryption_key and removal_policy"]),
    (
        lambda: choices.require_template_choices(FLEET, JITP, "JitpTemplate", "role", True),
        ["template_type is FLEET_PROVISIONING", "use_managed_registration_policy"],
    ),
    (
        lambda: own_table.require_table_of_list("id", "site", {"id": "N"}),
        ["the partition key id of type N and the sort key site"],
    ),
    (lambda: own_table.require_same_place(OHIO, IRELAND), ["Region us-east-2", "account 444455556666"]),
    (lambda: of_greengrass.require_role_to_read_buckets("role", ["bucket"]), ["but role is given"]),
    (lambda: of_greengrass.require_own_token_exchange("alias", ["bucket"]), ["but token_exchange is given"]),
    (lambda: of_greengrass.require_each_group_once(["a", "b", "a"]), ["groups name a twice"]),
    (lambda: require_bucket_to_encrypt("bucket", "key"), ["but archive_bucket is given"]),
    (lambda: require_endpoint("panorama.example.com"), ["give one as https://"]),
    (lambda: require_endpoint("http://panorama.example.com"), ["is not encrypted"]),
    (
        lambda: require_certificates("", "-----BEGIN EC PRIVATE KEY-----"),
        ["certificate_pem is empty", "verification_certificate_pem contains a private key"],
    ),
    (lambda: require_certificates("a certificate", None), ["-----BEGIN CERTIFICATE-----"]),
    (lambda: require_rotation_days("days", 1.5), ["days is 1.5: give 1 to 1000"]),
    (lambda: fleet_body(policy_name="p"), ["neither thing_name_prefix nor body is given"]),
    (
        lambda: fleet_body(policy_name="p", body=OWN_FLEET, thing_groups=["g"]),
        ["body and thing_groups are given"],
    ),
    (
        lambda: jitp_body(policy_name="p", body=OWN_JITP, thing_groups=["g"]),
        ["body and thing_groups are given"],
    ),
]
ALLOWED = [
    lambda: choices.require_one_hook_decider("list", None),
    lambda: choices.require_settings_of_own_function(DEFAULTS, DEFAULTS, 5),
    lambda: choices.require_settings_that_apply(None, reprovisioning="ALLOW"),
    lambda: choices.require_settings_that_apply("hook", reprovisioning=None),
    lambda: choices.require_one_claim_source(None, None, key="k"),
    lambda: choices.require_no_template_of_its_own(template_name=None),
    lambda: choices.require_own_table("table", None, None),
    lambda: choices.require_template_choices(None, FLEET, "FleetTemplate", "role", False),
    lambda: own_table.require_table_of_list("serial_number", None, {"serial_number": "S"}),
    lambda: own_table.require_table_of_list(UNKNOWN, None, {}),
    lambda: own_table.require_same_place(Environment(UNKNOWN, UNKNOWN), IRELAND),
    lambda: of_greengrass.require_role_to_read_buckets(None, ["bucket"]),
    lambda: of_greengrass.require_own_token_exchange("alias", []),
    lambda: of_greengrass.require_each_group_once(["a", "b"]),
    lambda: require_bucket_to_encrypt(None, "key"),
    lambda: require_endpoint(UNKNOWN),
    lambda: require_endpoint("https://panorama.example.com"),
    lambda: require_endpoint("http://localhost:4566"),
    lambda: require_certificates(PEM, UNKNOWN),
]


@pytest.mark.parametrize(("refused", "texts"), REFUSED)
def test_what_excludes_each_other_is_refused_with_every_name(refused, texts):
    with pytest.raises(ValueError) as problem:
        refused()
    assert [text for text in texts if text not in str(problem.value)] == []


@pytest.mark.parametrize("allowed", ALLOWED)
def test_what_goes_together_or_is_known_later_is_let_through(allowed):
    assert allowed() is None


def test_a_body_of_ones_own_is_taken_as_it_is():
    assert fleet_body(policy_name="p", body=OWN_FLEET) is OWN_FLEET
    assert jitp_body(policy_name="p", body=OWN_JITP) is OWN_JITP


def test_the_place_of_a_table_is_read_from_its_arn():
    assert own_table.place_of("arn:aws:dynamodb:eu-west-1:111122223333:table/devices") == IRELAND
    assert own_table.place_of("devices") is None
