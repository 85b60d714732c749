"""Policy documents as a whole: pure functions, of the partition that is asked for, that keep the rules."""

import json
from itertools import product

import pytest

from device_provisioning.aws_iot import Claim, Context, Definition, Role, Severity, TemplateType, check
from device_provisioning.aws_iot.claim_policy import CertificateSource, PayloadFormat, claim_policy
from device_provisioning.aws_iot.device_policy import device_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy, provisioning_role_trust
from device_provisioning.fleet.custom_resource_rights import (
    authority_template_policy,
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
)
from device_provisioning.panorama.function_role import panorama_device_policy
from tests.support.template_files import template_files

PARTITIONS = [
    Environment("111122223333", "eu-west-1"),
    Environment("111122223333", "cn-north-1", "aws-cn"),
    Environment("111122223333", "us-gov-west-1", "aws-us-gov"),
]
FILE = next(file for file in template_files("fleet") if file.path.stem == "valid-every-section")
BODY = json.loads(FILE.text)


def arn(environment, resource):
    return f"arn:{environment.partition}:{resource}"


DOCUMENTS = {
    "claim": lambda e: claim_policy("sensors", e),
    "device": lambda e: device_policy(e, shadow=True, jobs=True),
    "provisioning trust": lambda e: provisioning_role_trust("sensors", e),
    "provisioning": lambda e: provisioning_role_policy(BODY, e),
    "function trust": function_trust,
    "hook": lambda e: pre_provisioning_hook_policy(arn(e, "dynamodb:x"), "logs", e, arn(e, "kms:x")),
    "caretaker": lambda e: caretaker_policy("logs", e),
    "caretaker trust": lambda e: caretaker_trust(arn(e, "iam:x")),
    "authority template": lambda e: authority_template_policy(arn(e, "iot:x"), arn(e, "iam:x")),
    "listed devices": lambda e: listed_devices_policy(arn(e, "dynamodb:x"), arn(e, "kms:x")),
    "claim certificate": lambda e: claim_certificate_policy(arn(e, "secretsmanager:x"), e, arn(e, "kms:x")),
    "panorama device": lambda e: panorama_device_policy("line-4", arn(e, "s3:x"), e, arn(e, "kms:x")),
    "provisioned certificates": lambda e: provisioned_certificates_policy(arn(e, "iot:x"), e),
    "declared template": lambda e: declared_template_policy(arn(e, "iot:x"), arn(e, "iam:x")),
}


def texts(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


@pytest.mark.parametrize("environment", PARTITIONS, ids=lambda environment: environment.partition)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_arn_is_of_the_partition_that_is_asked_for(name, environment):
    document = DOCUMENTS[name](environment)
    arns = [text for text in texts(document) if text.startswith("arn:")]
    assert {text.split(":")[1] for text in arns} <= {environment.partition}
    assert {text.split(":")[3] for text in arns if len(text.split(":")) > 5} <= {environment.region, ""}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_partitions_differ_in_nothing_but_their_arns(name):
    def anywhere(environment):
        text = json.dumps(DOCUMENTS[name](environment))
        return text.replace(f"arn:{environment.partition}:", "arn:").replace(environment.region, "region")

    assert len(set(map(anywhere, PARTITIONS))) == 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_made_anew_every_time(name):
    first = DOCUMENTS[name](PARTITIONS[0])
    before = json.dumps(first)
    first["Statement"].clear()
    assert json.dumps(DOCUMENTS[name](PARTITIONS[0])) == before


def problems(**context):
    definition = Definition("sensors", enabled=True)
    found = check(BODY, TemplateType.FLEET_PROVISIONING, context=Context(definition=definition, **context))
    # The context holds no hook: what is looked at here is a role, or a claim.
    return [
        str(finding) for finding in found if finding.severity is not Severity.INFO and finding.code != "DP052"
    ]


@pytest.mark.parametrize("environment", PARTITIONS, ids=lambda environment: environment.partition)
def test_the_provisioning_role_keeps_the_rules_about_roles(environment):
    role = Role(
        provisioning_role_trust("sensors", environment), [provisioning_role_policy(BODY, environment)]
    )
    assert problems(role=role) == []


@pytest.mark.parametrize("environment", PARTITIONS, ids=lambda environment: environment.partition)
@pytest.mark.parametrize(("source", "payload"), list(product(CertificateSource, PayloadFormat)))
def test_every_claim_policy_keeps_the_rules_about_claims(environment, source, payload):
    document = claim_policy("sensors", environment, certificate_sources=[source], payload_formats=[payload])
    uses_csr = source is not CertificateSource.CREATE
    assert problems(claims=[Claim(document, uses_csr)]) == []
    assert problems(claims=[Claim(document, not uses_csr)]) != []
