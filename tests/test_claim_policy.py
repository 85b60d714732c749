"""What a claim certificate may do."""

import json
from fnmatch import fnmatchcase
from itertools import product

import pytest

from device_provisioning.aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.greengrass.client_ids import NUCLEUS_CLIENT_ID_PATTERNS
from tests.support.client_ids import connects

IRELAND = Environment("111122223333", "eu-west-1")
ARN = "arn:aws:iot:eu-west-1:111122223333"


def allowed(document, action, resource):
    statements = [s for s in document["Statement"] if s["Action"] == action]
    resources = [s["Resource"] if isinstance(s["Resource"], list) else [s["Resource"]] for s in statements]
    return any(fnmatchcase(f"{ARN}:{resource}", pattern) for group in resources for pattern in group)


@pytest.mark.parametrize(("source", "payload_format"), list(product(CertificateSource, PayloadFormat)))
def test_each_choice_allows_its_topics_and_no_others(source, payload_format):
    document = claim_policy(
        "sensors", IRELAND, certificate_sources=[source], payload_formats=[payload_format]
    )
    for other_source, other_format in product(CertificateSource, PayloadFormat):
        chosen = (other_source, other_format) == (source, payload_format)
        topic = f"$aws/certificates/{other_source}/{other_format}"
        assert allowed(document, "iot:Publish", f"topic/{topic}") is chosen
        assert allowed(document, "iot:Receive", f"topic/{topic}/accepted") is chosen
        assert allowed(document, "iot:Subscribe", f"topicfilter/{topic}/rejected") is chosen
    provision = f"$aws/provisioning-templates/sensors/provision/{payload_format}"
    assert allowed(document, "iot:Publish", f"topic/{provision}")
    assert allowed(document, "iot:Subscribe", f"topicfilter/{provision}/accepted")


def test_another_template_cannot_be_used():
    document = claim_policy("sensors", IRELAND, payload_formats=list(PayloadFormat))
    assert not allowed(document, "iot:Publish", "topic/$aws/provisioning-templates/pumps/provision/json")
    assert not allowed(document, "iot:Publish", "topic/$aws/provisioning-templates/sensors2/provision/json")


def test_the_client_id_of_a_provisioned_device_cannot_be_taken():
    document = claim_policy("sensors", IRELAND)
    assert allowed(document, "iot:Connect", "client/claim-1")
    assert not allowed(document, "iot:Connect", "client/sensor-1")


@pytest.mark.parametrize("patterns", [["*"], ["????????-1"], ["claim-*", "s*"], ["factory-*", "*-1"]])
def test_no_pattern_lets_a_claim_connect_by_the_name_of_a_thing(patterns):
    document = claim_policy(
        "sensors", IRELAND, client_id_patterns=patterns, thing_name_patterns=["sensor-*", "s1-?"]
    )
    assert not any(connects(document, name) for name in ("sensor-1", "sensor-a-1", "sensor-"))
    assert connects(document, patterns[0].replace("*", "claim-1").replace("?", "x"))


def test_names_of_things_that_no_client_id_can_be_need_no_statement():
    assert claim_policy("sensors", IRELAND, thing_name_patterns=["sensor-*", "*"]) == claim_policy(
        "sensors", IRELAND
    )


@pytest.mark.parametrize("patterns", [[], (), "claim-*"])
def test_client_ids_are_a_list_of_at_least_one(patterns):
    with pytest.raises(ValueError, match=r"client id patterns are .*: give a list such as"):
        claim_policy("sensors", IRELAND, client_id_patterns=patterns)


def test_every_pattern_that_lets_nobody_connect_is_refused():
    with pytest.raises(ValueError) as error:
        claim_policy(
            "sensors", IRELAND, client_id_patterns=["sensor-?", "", "*"], thing_name_patterns=["sensor-*"]
        )
    assert "'sensor-?' allows nothing but names of things, sensor-*" in str(error.value)
    assert "is empty: give one such as 'claim-*'" in str(error.value)
    assert len(str(error.value).splitlines()) == 2


def test_subscriptions_are_topic_filters_and_messages_are_topics():
    document = claim_policy("sensors", IRELAND)
    kinds = {
        s["Action"]: {r.split(":")[-1].split("/")[0] for r in s["Resource"]}
        for s in document["Statement"][1:]
    }
    assert kinds == {"iot:Publish": {"topic"}, "iot:Receive": {"topic"}, "iot:Subscribe": {"topicfilter"}}


def test_nothing_but_connecting_and_these_topics_is_allowed():
    actions = {statement["Action"] for statement in claim_policy("sensors", IRELAND)["Statement"]}
    assert actions == {"iot:Connect", "iot:Publish", "iot:Receive", "iot:Subscribe"}


@pytest.mark.parametrize("sources", [[source] for source in CertificateSource] + [list(CertificateSource)])
@pytest.mark.parametrize("formats", [[name] for name in PayloadFormat] + [list(PayloadFormat)])
def test_every_choice_fits_the_2048_characters_of_a_policy_everywhere(sources, formats):
    longest = Environment("111122223333", "us-gov-west-1", "aws-us-gov")
    document = claim_policy(
        "t" * 36,
        longest,
        certificate_sources=sources,
        payload_formats=formats,
        client_id_patterns=NUCLEUS_CLIENT_ID_PATTERNS,
        thing_name_patterns=["g" * 8 + "-*"],
    )
    assert "Deny" in str(document)
    assert len(json.dumps(document, separators=(",", ":"))) <= 2048


@pytest.mark.parametrize("setting", ["certificate_sources", "payload_formats"])
def test_no_choice_or_an_unknown_one_is_refused_with_what_is_allowed(setting):
    with pytest.raises(ValueError, match=rf"{setting} is \[\]: give at least one of"):
        claim_policy("sensors", IRELAND, **{setting: []})
    with pytest.raises(ValueError, match="give at least one of"):
        claim_policy("sensors", IRELAND, **{setting: ["xml"]})
