"""Policies of AWS IoT fit, wherever they are used, or are refused before they are deployed."""

import json
from itertools import product

import pytest
from aws_cdk import App, CfnParameter, Stack

from device_provisioning.aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from device_provisioning.aws_iot.device_policy import device_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.limits import MAX_POLICY_DOCUMENT
from device_provisioning.cdk import DevicePolicy

ENVIRONMENTS = [
    Environment("111122223333", "eu-west-1"),
    Environment("111122223333", "ap-southeast-2"),
    Environment("111122223333", "cn-northwest-1", "aws-cn"),
    Environment("111122223333", "us-gov-west-1", "aws-us-gov"),
]
SOME_SOURCES = [(one,) for one in CertificateSource] + [tuple(CertificateSource)]
SOME_FORMATS = [(one,) for one in PayloadFormat] + [tuple(PayloadFormat)]
DENY = {"Effect": "Deny", "Action": "iot:Publish", "Resource": "*"}
LONG = [{"Effect": "Allow", "Action": "iot:Publish", "Resource": "x" * 2000}]


def size(document):
    return len("".join(json.dumps(document).split()))


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.region)
@pytest.mark.parametrize("name", [None, "t" * 36])
def test_every_combination_of_presets_fits_in_every_region(environment, name):
    for prefix, shadow, jobs, sources, formats in product(
        (None, "dt", "factory-of-pumps"), (False, True), (False, True), SOME_SOURCES, SOME_FORMATS
    ):
        document = device_policy(
            environment,
            topic_prefix=prefix,
            shadow=shadow,
            jobs=jobs,
            rotation_template_name=name,
            rotation_certificate_sources=sources,
            rotation_payload_formats=formats,
        )
        assert size(document) <= MAX_POLICY_DOCUMENT


def test_one_character_too_many_is_refused_with_what_to_shorten():
    filler = {"Sid": "", **DENY}
    room = MAX_POLICY_DOCUMENT - size(device_policy(ENVIRONMENTS[0], statements=[filler]))
    filler["Sid"] = "y" * room
    assert size(device_policy(ENVIRONMENTS[0], statements=[filler])) == MAX_POLICY_DOCUMENT
    filler["Sid"] += "y"
    with pytest.raises(ValueError, match=r"has 2049 characters .*: give a shorter topic_prefix or"):
        device_policy(ENVIRONMENTS[0], statements=[filler])


def test_white_space_does_not_count():
    statement = {"Sid": " " * MAX_POLICY_DOCUMENT, **DENY}
    assert device_policy(ENVIRONMENTS[0], statements=[statement])["Statement"][-1] == statement


def test_a_claim_with_too_many_client_ids_is_refused():
    with pytest.raises(ValueError, match=r"the policy of the claim has .* fewer or shorter patterns"):
        claim_policy("sensors", ENVIRONMENTS[0], client_id_patterns=[f"line-{n}-*" for n in range(40)])


def test_what_is_not_known_yet_counts_as_the_longest_that_there_is():
    def sized(stack, name, filling):
        filler = [{"Sid": "y" * filling, **DENY}]
        DevicePolicy(stack, f"Policy{filling}", rotation_template_name=name, statements=filler)

    filler = [{"Sid": "", **DENY}]
    longest = device_policy(ENVIRONMENTS[-1], rotation_template_name="t" * 36, statements=filler)
    room = MAX_POLICY_DOCUMENT - size(longest)
    anywhere = Stack(App(), "Anywhere")
    name = CfnParameter(anywhere, "Name").value_as_string
    sized(anywhere, name, room)
    with pytest.raises(ValueError, match="2049 characters"):
        sized(anywhere, name, room + 1)


def test_other_values_that_are_not_known_yet_refuse_nothing():
    anywhere = Stack(App(), "Anywhere")
    name = CfnParameter(anywhere, "Name").value_as_string
    DevicePolicy(anywhere, "Policy", statements=[{"Sid": name * 100, **DENY}])
    with pytest.raises(ValueError, match="the policy of the devices"):
        DevicePolicy(anywhere, "Long", statements=LONG)


def test_a_rotation_has_the_topics_of_its_sources_and_formats_only():
    def topics(sources, formats):
        document = device_policy(
            ENVIRONMENTS[0],
            topic_prefix=None,
            rotation_template_name="pumps",
            rotation_certificate_sources=sources,
            rotation_payload_formats=formats,
        )
        (both,) = [s for s in document["Statement"] if s["Sid"] == "PublishAndReceive"]
        return [resource.split("topic/")[1] for resource in both["Resource"]]

    provision = "$aws/provisioning-templates/pumps/provision"
    assert topics(["create-from-csr"], ["cbor"]) == [
        "$aws/certificates/create-from-csr/cbor*",
        f"{provision}/cbor*",
    ]
    assert topics(["create"], ["json", "cbor"]) == ["$aws/certificates/create/*", f"{provision}/*"]
    with pytest.raises(ValueError, match=r"rotation_certificate_sources is \[\]"):
        topics([], ["json"])
