"""The claim certificate on AWS CDK."""

import json

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from device_provisioning.cdk import CertificateSource, ClaimCertificate, PayloadFormat, ProvisioningTemplate
from device_provisioning.fleet.caretaker_rights import ACTS_WITH
from tests.support.synthesis import a_stack, caretaker_statements, only, own_part, properties, synthesised

CLAIM = "Custom::ClaimCertificate"
CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----"


def a_claim(stack, **settings):
    template = ProvisioningTemplate.from_template_name(stack, "Template", "sensors")
    return ClaimCertificate(stack, "Claim", template=template, **settings)


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    return a_claim(
        stack,
        encryption_key=key,
        certificate_sources=list(CertificateSource),
        payload_formats=list(PayloadFormat),
        client_id_patterns=["factory-*", "????-*"],
        thing_name_patterns=["sensor-*"],
    )


def test_the_secret_is_made_empty_and_only_its_id_reaches_the_custom_resource():
    template = synthesised(a_claim)
    secret = properties(template, "AWS::SecretsManager::Secret")
    assert not {"SecretString", "GenerateSecretString"} & secret.keys()
    assert properties(template, CLAIM).keys() == {"ServiceToken", "ServiceTimeout", "SecretId", ACTS_WITH}


def test_nothing_that_is_read_from_the_custom_resource_is_a_key():
    text = json.dumps(synthesised(a_claim).to_json())
    assert '"CertificateArn"' in text
    assert "privateKey" not in text
    assert "certificatePem" not in text


def test_the_function_may_write_only_its_own_secret():
    template = synthesised(a_claim)
    (secret,) = template.find_resources("AWS::SecretsManager::Secret")
    assert caretaker_statements(template)["Secret"]["Resource"] == {"Fn::GetAtt": [secret, "Id"]}


def test_the_claim_policy_names_this_template_and_is_attached_to_the_certificate():
    template = synthesised(a_claim)
    assert "provisioning-templates/sensors/provision/json" in json.dumps(
        properties(template, "AWS::IoT::Policy")
    )
    (claim,) = template.find_resources(CLAIM)
    attachment = properties(template, "AWS::IoT::PolicyPrincipalAttachment")
    assert attachment["Principal"] == {"Fn::GetAtt": [claim, "CertificateArn"]}
    (policy,) = template.find_resources("AWS::IoT::Policy")
    assert attachment["PolicyName"] == {"Ref": policy}


def test_cloudformation_names_the_claim_policy_so_that_a_template_can_be_deployed_as_several_stacks():
    assert "PolicyName" not in properties(synthesised(a_claim), "AWS::IoT::Policy")


def test_a_csr_becomes_an_active_certificate_without_any_secret():
    template = synthesised(lambda stack: a_claim(stack, certificate_signing_request=CSR))
    certificate = properties(template, "AWS::IoT::Certificate")
    assert certificate == {"CertificateSigningRequest": CSR, "Status": "ACTIVE"}
    template.resource_count_is("AWS::SecretsManager::Secret", 0)
    template.resource_count_is("AWS::Lambda::Function", 0)


@pytest.mark.parametrize("settings", [{}, {"certificate_signing_request": CSR}], ids=["made", "CSR"])
def test_the_policy_is_detached_first_and_deleted_last(settings):
    template = synthesised(lambda stack: a_claim(stack, **settings))
    (policy,) = template.find_resources("AWS::IoT::Policy")
    kind = "AWS::IoT::Certificate" if settings else CLAIM
    ((certificate, waiting),) = template.find_resources(kind).items()
    assert policy in waiting["DependsOn"]
    principal = properties(template, "AWS::IoT::PolicyPrincipalAttachment")["Principal"]
    assert principal["Fn::GetAtt"][0] == certificate


def test_a_certificate_of_ones_own_only_gets_the_policy():
    template = synthesised(lambda stack: a_claim(stack, certificate_arn=CERTIFICATE_ARN))
    assert properties(template, "AWS::IoT::PolicyPrincipalAttachment")["Principal"] == CERTIFICATE_ARN
    template.resource_count_is("AWS::IoT::Certificate", 0)
    template.resource_count_is("AWS::SecretsManager::Secret", 0)


def test_the_id_of_a_certificate_is_the_end_of_its_arn():
    assert a_claim(a_stack(), certificate_arn=CERTIFICATE_ARN).certificate_id == "c" * 64


def test_an_existing_claim_has_no_secret():
    with pytest.raises(ValueError, match="its key is yours and there is no secret"):
        _ = a_claim(a_stack(), certificate_arn=CERTIFICATE_ARN).secret


def test_whoever_builds_devices_can_be_allowed_to_read_the_secret():
    stack = a_stack()
    role = iam.Role(stack, "Factory", assumed_by=iam.AccountRootPrincipal())
    with_everything(stack).secret.grant_read(role)
    template = Template.from_stack(stack)
    (secret,) = template.find_resources("AWS::SecretsManager::Secret")
    statements = properties(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statements[0]["Resource"] == {"Fn::GetAtt": [secret, "Id"]}


def test_a_customer_key_encrypts_the_secret_and_the_function_can_use_it():
    template = synthesised(with_everything)
    key = "arn:aws:kms:eu-west-1:111122223333:key/1"
    assert properties(template, "AWS::SecretsManager::Secret")["KmsKeyId"] == key
    assert caretaker_statements(template)["SecretKey"]["Resource"] == key


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"certificate_signing_request": CSR, "certificate_arn": CERTIFICATE_ARN},
            "give one of them, or none",
        ),
        ({"certificate_sources": []}, "certificate_sources is"),
        ({"payload_formats": ["xml"]}, r"payload_formats\[0\] is 'xml'"),
    ],
)
def test_contradicting_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        a_claim(a_stack(), **settings)


def test_a_customer_key_without_a_secret_is_refused():
    stack = a_stack()
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    with pytest.raises(ValueError, match="encryption_key is for the secret of a created certificate"):
        a_claim(stack, certificate_signing_request=CSR, encryption_key=key)


def test_the_custom_resource_gives_up_before_an_hour():
    assert only(synthesised(a_claim), CLAIM)["Properties"]["ServiceTimeout"] == "300"


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_claim, ClaimCertificate) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, ClaimCertificate) == snapshot
