"""The claim certificate on Pulumi."""

import json

import pulumi_aws as aws
import pytest
from pulumi_program import ran

from device_provisioning.pulumi import CertificateSource, ClaimCertificate, PayloadFormat

CERTIFICATE_ARN = "arn:aws:iot:eu-west-1:111122223333:cert/" + "c" * 64
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"


def a_claim(**settings):
    return ClaimCertificate("claim", {"template_name": "sensors", **settings})


def with_everything():
    return a_claim(
        encryption_key=aws.kms.Key.get("key", KEY_ARN),
        certificate_sources=list(CertificateSource),
        payload_formats=list(PayloadFormat),
        client_id_pattern="factory-*",
    )


def test_the_secret_is_made_empty_and_only_its_arn_reaches_the_provider():
    program = ran(a_claim)
    assert program.only("Secret").keys() == {"description"}
    assert not program.all("SecretVersion")
    stored = program.named("claim-certificate")["inputs"]
    assert stored["secret_arn"] == "arn:aws:secretsmanager:eu-west-1:111122223333:claim-secret"


def test_nothing_of_the_program_is_a_key():
    text = json.dumps(ran(a_claim).snapshot())
    assert "certificateArn" in text
    assert "privateKey" not in text
    assert "certificatePem" not in text


def test_the_claim_policy_names_this_template_and_is_attached_to_the_certificate():
    program = ran(a_claim)
    assert "provisioning-templates/sensors/provision/json" in json.dumps(program.only("Policy"))
    assert program.only("PolicyAttachment") == {"policy": "claim-policy", "target": CERTIFICATE_ARN}


def test_a_csr_becomes_an_active_certificate_without_any_secret():
    program = ran(lambda: a_claim(certificate_signing_request=CSR))
    assert program.only("Certificate") == {"active": True, "csr": CSR}
    assert not program.all("Secret")


def test_a_certificate_of_ones_own_only_gets_the_policy():
    program = ran(lambda: a_claim(certificate_arn=CERTIFICATE_ARN))
    assert program.only("PolicyAttachment")["target"] == CERTIFICATE_ARN
    assert not program.all("Secret")


def test_the_id_of_a_certificate_is_the_end_of_its_arn():
    ids = []
    ran(lambda: a_claim(certificate_arn=CERTIFICATE_ARN).certificate_id.apply(ids.append))
    assert ids == ["c" * 64]


def test_a_customer_key_encrypts_the_secret():
    assert ran(with_everything).only("Secret")["kmsKeyId"] == KEY_ARN


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"certificate_signing_request": CSR, "certificate_arn": CERTIFICATE_ARN},
            "give one of them, or none",
        ),
        ({"certificate_sources": []}, "certificate_sources is"),
        ({"payload_formats": ["xml"]}, "payload_formats is"),
    ],
)
def test_contradicting_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: a_claim(**settings))


def test_a_customer_key_without_a_secret_is_refused():
    def define():
        a_claim(certificate_signing_request=CSR, encryption_key=aws.kms.Key.get("key", KEY_ARN))

    with pytest.raises(ValueError, match="encryption_key is for the secret of a certificate that is made"):
        ran(define)


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_defaults_match_the_snapshot(snapshot, preview):
    assert ran(a_claim, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_everything_set_matches_the_snapshot(snapshot, preview):
    assert ran(with_everything, preview=preview).snapshot() == snapshot
