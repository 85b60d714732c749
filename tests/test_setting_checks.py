"""What is refused of settings, by the checks that both engines ask, without either."""

import pytest

from device_provisioning.aws_iot.claim_client_ids import require_client_id_patterns
from device_provisioning.aws_iot.claim_source import claim_source_problems
from device_provisioning.aws_iot.device_policy_settings import (
    require_device_policy_settings,
    require_policy_name,
    require_statements,
)
from device_provisioning.aws_iot.tags import require_tags
from device_provisioning.fleet.choices import (
    require_executions,
    require_hook_of_settings,
    require_one_claim_source,
    require_policy_of_rotation,
    require_prefix_that_narrows,
    require_rotation_of_fleet,
)
from device_provisioning.fleet.registration_settings import registration_environment, require_revocation_list

REQUEST = "-----BEGIN CERTIFICATE REQUEST-----"
STATEMENT = {"Effect": "Allow", "Action": "iot:Publish", "Resource": "*"}


@pytest.mark.parametrize(
    ("csr", "arn", "said"),
    [
        ("claim.csr", None, "is not a certificate signing request in PEM"),
        (f"{REQUEST}\n-----BEGIN PRIVATE KEY-----", None, "contains a private key"),
        (None, "arn:aws:iot:eu-west-1:111122223333:thing/pump", "is not the ARN of a certificate"),
    ],
)
def test_what_is_no_csr_and_no_certificate_is_refused(csr, arn, said):
    (problem,) = claim_source_problems(csr, arn)
    assert said in problem
    with pytest.raises(ValueError, match=said):
        require_one_claim_source(csr, arn)


def test_a_csr_or_a_certificate_is_accepted():
    assert list(claim_source_problems(REQUEST, None)) == []
    arn = f"arn:aws-cn:iot:cn-north-1:111122223333:cert/{'a' * 64}"
    assert list(claim_source_problems(None, arn)) == []


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("/acme", "begins with '/'"),
        ("acme/", "ends with '/'"),
        ("acme//plant", "has an empty level"),
        ("$aws/acme", "begins with '\\$'"),
        ("acme/+", "which is a wildcard"),
        ("a/b/c/d/e/f/g", "has 7 levels: give at most 6"),
    ],
)
def test_a_prefix_that_no_topic_begins_with_is_refused(prefix, said):
    with pytest.raises(ValueError, match=said):
        require_device_policy_settings(prefix, None, [])


@pytest.mark.parametrize("prefix", [None, "", "acme/plant-1", "a/b/c/d/e/f"])
def test_a_prefix_of_topics_or_none_is_accepted(prefix):
    assert require_device_policy_settings(prefix, "rotation", [STATEMENT]) is None


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({**STATEMENT, "Principal": "*"}, "has Principal, which no statement"),
        ({"Effect": "Allow"}, "has no Action or Resource"),
        ({"Effect": "Allow", "Action": "iot:Publish"}, "has no Resource"),
        ({**STATEMENT, "Effect": "allow"}, "Effect is 'allow': give Allow or Deny"),
    ],
)
def test_what_is_no_statement_is_refused(statement, said):
    with pytest.raises(ValueError, match=said):
        require_statements([STATEMENT, statement])


def test_every_problem_of_a_device_policy_is_told_at_once():
    with pytest.raises(ValueError, match=r"topic_prefix") as told:
        require_device_policy_settings("acme/", "no name", [{"Effect": "Allow"}])
    assert len(str(told.value).splitlines()) == 3
    with pytest.raises(ValueError, match="policy_name 'no name'"):
        require_policy_name("no name")
    assert require_policy_name(None) is None


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"aws:owner": "plant"}, "belongs to AWS"),
        ({"": "plant"}, "whose key has 0 characters"),
        ({"owner": "x" * 257}, "the value has 257 characters"),
        ({f"tag-{number}": "" for number in range(51)}, "has 51 tags"),
    ],
)
def test_tags_that_aws_does_not_accept_are_refused(tags, said):
    with pytest.raises(ValueError, match=said):
        require_tags(tags)


@pytest.mark.parametrize("tags", [None, {}, {"owner": "x" * 256}])
def test_tags_or_none_are_accepted(tags):
    assert require_tags(tags) is None


@pytest.mark.parametrize(
    ("bucket", "key", "said"),
    [
        ("lists", "", "is empty"),
        ("lists", "x" * 1025, "more than 1024 bytes"),
        (None, "other.pem", "no revocation_list_bucket is given"),
    ],
)
def test_a_revocation_list_that_nobody_could_read_is_refused(bucket, key, said):
    with pytest.raises(ValueError, match=said):
        require_revocation_list(bucket, key)
    assert require_revocation_list(bucket, "revoked.pem") is None


def test_a_registration_knows_its_revocation_list_if_there_is_one():
    settings = dict.fromkeys(
        ("table_name", "ca_certificate", "ca_certificate_id", "policy_name", "thing_name_prefix"), "x"
    )
    assert "REVOCATION_LIST_KEY" not in registration_environment(**settings)
    with_list = registration_environment(**settings, revocation_list_bucket="lists")
    assert with_list["REVOCATION_LIST_KEY"] == "revoked.pem"


def test_settings_that_would_have_no_effect_are_refused():
    with pytest.raises(ValueError, match="no hook is given"):
        require_hook_of_settings(None, device_parameters=["Site"])
    with pytest.raises(ValueError, match="can't be combined with hook"):
        require_rotation_of_fleet("rotation", hook="hook")
    with pytest.raises(ValueError, match="but role is given"):
        require_prefix_that_narrows("pump-", "role")
    with pytest.raises(ValueError, match="touch all things"):
        require_prefix_that_narrows("pump-", None, True)
    assert require_prefix_that_narrows("pump-", None) is None


def test_a_hook_that_nobody_could_call_is_refused():
    with pytest.raises(ValueError, match="give at least 1"):
        require_executions(0)
    assert require_executions(1) is None


def test_a_device_policy_has_to_name_the_rotation():
    with pytest.raises(ValueError, match="does not name the template rotation"):
        require_policy_of_rotation("rotation", "{}")
    assert require_policy_of_rotation("rotation", "provisioning-templates/rotation/provision") is None


def test_a_client_id_pattern_has_at_most_128_characters():
    with pytest.raises(ValueError, match="more than 128 characters"):
        require_client_id_patterns(["c" * 129], [])
