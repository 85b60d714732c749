"""Rules about what surrounds a body, given by a program rather than by a file."""

import json

import pytest
from aws_cdk import Token

from device_provisioning.aws_iot import (
    Claim,
    Context,
    Definition,
    Hook,
    InvokePermission,
    Neighbour,
    Role,
    Severity,
    TemplateType,
    check,
)
from device_provisioning.aws_iot.claim_policy import CertificateSource, claim_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy, provisioning_role_trust
from device_provisioning.aws_iot.rules.context import NamedPolicy
from tests.support.template_files import template_files

IRELAND = Environment("111122223333", "eu-west-1")
BODY = json.loads(next(file for file in template_files("fleet") if file.path.stem == "valid-smallest").text)
TOKEN = Token.as_string({"Ref": "Name"})


def codes(body=BODY, template_type=TemplateType.FLEET_PROVISIONING, **surroundings):
    if "definition" in surroundings:
        surroundings.setdefault("hook", Hook())
    return [finding.code for finding in check(body, template_type, context=Context(**surroundings))]


def a_role(**settings):
    documents = {
        "trust": provisioning_role_trust("sensors", IRELAND),
        "policies": [provisioning_role_policy(BODY, IRELAND)],
    }
    return Role(**{**documents, **settings})


def named(name, **settings):
    return Definition(template_name=name, enabled=True, **settings)


def test_what_is_not_known_is_not_judged():
    assert codes() == []
    assert codes(role=Role(), hook=Hook(), definition=Definition(enabled=True)) == []
    assert codes(definition=Definition(has_settings=False), hook=None) == []


def test_our_own_documents_pass():
    claims = [
        Claim(claim_policy("sensors", IRELAND), uses_csr=False),
        Claim(claim_policy("sensors", IRELAND, certificate_sources=list(CertificateSource))),
    ]
    assert codes(definition=named("sensors"), role=a_role(), claims=claims) == []


@pytest.mark.parametrize(
    "surroundings",
    [
        {"definition": named(TOKEN, description=TOKEN)},
        {"definition": named(TOKEN), "role": a_role(), "claims": [Claim(claim_policy("sensors", IRELAND))]},
        {"definition": named("sensors"), "claims": [Claim(claim_policy(TOKEN, IRELAND))]},
        {"definition": named("sensors"), "role": a_role(trust=provisioning_role_trust(TOKEN, IRELAND))},
        {"hook": Hook(payload_version=TOKEN, timeout_seconds=Token.as_number({"Ref": "Seconds"}))},
        {"hook": Hook(target_arn=TOKEN, permissions=[InvokePermission(principal=TOKEN, source_arn=TOKEN)])},
        {"claims": [Claim({"Statement": {"Effect": "Allow", "Action": "iot:*", "Resource": TOKEN}})]},
        {
            "role": Role(
                trust={"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": TOKEN}]}
            )
        },
    ],
)
def test_a_token_around_the_body_is_never_rejected(surroundings):
    assert codes(**surroundings) == []


def test_keys_of_the_devices_own_need_the_topics_of_signing_requests():
    creates_only = claim_policy("sensors", IRELAND)
    assert codes(definition=named("sensors"), claims=[Claim(creates_only, uses_csr=True)]) == ["DP036"]
    signs_only = claim_policy("sensors", IRELAND, certificate_sources=[CertificateSource.CREATE_FROM_CSR])
    assert codes(definition=named("sensors"), claims=[Claim(signs_only, uses_csr=False)]) == ["DP036"]


@pytest.mark.parametrize("resource", ["*", "arn:aws:iot:eu-west-1:111122223333:*", "arn:aws:iot:*:*:topic/*"])
def test_a_claim_that_publishes_everywhere_is_reported(resource):
    document = claim_policy("sensors", IRELAND)
    document["Statement"].append({"Effect": "Allow", "Action": "iot:Pub*", "Resource": resource})
    assert codes(definition=named("sensors"), claims=[Claim(document)]) == ["DP037"]


def test_a_policy_that_excludes_instead_of_naming_is_not_judged():
    excluding = {"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}
    assert codes(role=a_role(policies=[excluding]), claims=[Claim(excluding)]) == []


def test_what_a_managed_policy_allows_is_not_known():
    assert codes(role=a_role(policies=[])) == ["DP032"] * 4
    role = a_role(policies=[], managed_policy_arns=["arn:aws:iam::aws:policy/service-role/A"])
    (finding,) = check(BODY, TemplateType.FLEET_PROVISIONING, context=Context(role=role))
    assert (finding.code, finding.severity) == ("DP032", Severity.INFO)
    assert finding.message.startswith("whether A allows iot:UpdateCertificate on cert/*, ")


def test_the_managed_registration_policy_allows_all_and_is_reported_once():
    arn = "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"
    assert codes(role=a_role(policies=[], managed_policy_arns=[arn])) == ["DP054"]


ALL_TOPICS = {"Effect": "Allow", "Action": "iot:*", "Resource": "*"}
SPARED = {
    "Effect": "Deny",
    "Action": "iot:*",
    "NotResource": ["arn:aws:iot:*:*:client/*", "arn:aws:iot:*:*:topic*/$aws/*"],
}


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ([ALL_TOPICS], ["DP037", "DP107"]),
        ([ALL_TOPICS, SPARED], ["DP107"]),
        ([ALL_TOPICS, {**SPARED, "Condition": {"Bool": {"a": "b"}}}], ["DP037", "DP107"]),
        (
            [ALL_TOPICS, {"Effect": "Deny", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/a"}],
            ["DP037", "DP107"],
        ),
        ([ALL_TOPICS, {"Effect": "Deny", "Action": "iot:Connect", "Resource": "*"}], ["DP036", "DP037"]),
    ],
)
def test_a_claim_may_do_what_its_policies_allow_less_what_they_deny(statements, found):
    assert codes(definition=named("sensors"), claims=[Claim({"Statement": statements})]) == found


def test_a_body_inside_a_ca_needs_a_role_that_trusts_cas():
    jitp = json.loads(
        next(file for file in template_files("jitp") if file.path.stem == "valid-common-name").text
    )
    for source, expected in (
        ("cacert/*", []),
        ("cacert/0a1b", []),
        ("provisioningtemplate/sensors", ["DP030"]),
    ):
        trust = json.loads(json.dumps(a_role().trust).replace("provisioningtemplate/sensors", source))
        role = Role(trust=trust)
        assert codes(jitp, TemplateType.JITP, role=role, belongs_to_ca=True) == expected


def test_a_hook_that_just_ends_in_time_passes():
    assert codes(hook=Hook(timeout_seconds=5)) == []
    assert codes(hook=Hook(timeout_seconds=6)) == ["DP034"]
    assert codes(hook=Hook(permissions=[])) == ["DP033"]


def test_groups_of_one_hierarchy_are_reported_however_deep():
    body = json.loads(json.dumps(BODY))
    body["Resources"]["thing"]["Properties"]["ThingGroups"] = ["line", "site"]
    parents = {"line": "plant", "plant": "site", "site": None}
    neighbours = [Neighbour("ThingGroup", name, parent) for name, parent in parents.items()]
    assert codes(body, neighbours=neighbours) == ["DP028"]
    assert codes(body, neighbours=[*neighbours[1:], Neighbour("ThingGroup", "line")]) == []


def test_parents_that_go_round_in_a_circle_come_to_an_end():
    body = json.loads(json.dumps(BODY))
    body["Resources"]["thing"]["Properties"]["ThingGroups"] = ["a"]
    neighbours = [Neighbour("ThingGroup", "a", "b"), Neighbour("ThingGroup", "b", "a")]
    assert codes(body, neighbours=neighbours) == []


def test_what_a_claim_may_do_is_found_at_the_policy_that_allows_it():
    connect = {"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"}
    publish = {"Effect": "Allow", "Action": "iot:*", "Resource": "*"}
    policies = [
        NamedPolicy(f"p{number}", {"Statement": [statement]}, f"/p{number}")
        for number, statement in enumerate([connect, publish])
    ]
    claim = Claim({"Statement": [connect, publish]}, path="/p0", policies=policies)
    found = check(BODY, TemplateType.FLEET_PROVISIONING, context=Context(claims=[claim]))
    places = {(finding.code, finding.path) for finding in found}
    assert {("DP037", "/p1"), ("DP107", "/p0"), ("DP107", "/p1")} <= places
    assert ("DP037", "/p0") not in places
