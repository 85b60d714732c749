"""The claim certificate on Pulumi."""

import json

import pulumi_aws as aws
import pytest

from device_provisioning import cdk
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.pulumi import CertificateSource, ClaimCertificate, PayloadFormat
from tests.support.pulumi_program import ran
from tests.support.synthesis import in_partition_aws, synthesised

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
        client_id_patterns=["factory-*", "????-*"],
        thing_name_patterns=["sensor-*"],
        rotate_automatically_after_days=30,
    )


def test_the_secret_is_made_empty_and_only_its_arn_reaches_the_provider():
    program = ran(a_claim)
    assert program.only("Secret").keys() == {"description"}
    assert not program.all("SecretVersion")
    stored = program.named("claim-certificate")["inputs"]
    assert stored["secret_arn"] == "arn:aws:secretsmanager:eu-west-1:111122223333:claim-secret"


def test_nothing_of_the_program_is_a_key():
    text = ran(a_claim).text()
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


def test_the_policy_of_a_csr_is_detached_first_and_deleted_last():
    program = ran(lambda: a_claim(certificate_signing_request=CSR))
    awaited = {
        urn.rpartition("::")[2]: {each.rpartition("::")[2] for each in resource["dependencies"]}
        for urn, resource in program.resources.items()
    }
    assert "claim-policy" in awaited["claim-certificate"]
    assert "claim-certificate" in awaited["claim-policy-attachment"]


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


def test_secrets_manager_may_rotate_this_secret_and_only_once_there_is_a_certificate():
    program = ran(lambda: a_claim(rotate_automatically_after_days=30.0))
    rotation = program.only("SecretRotation")
    assert rotation["rotationRules"] == {"automaticallyAfterDays": 30}
    assert rotation["rotateImmediately"] is False
    (urn,) = (urn for urn in program.resources if urn.endswith(":SecretRotation::claim-rotation"))
    awaited = {urn.rpartition("::")[2] for urn in program.resources[urn]["dependencies"]}
    assert awaited >= {"claim-rotation-permission", "claim-certificate", "claim-policy-attachment"}
    permission = program.only("Permission")
    assert permission["principal"] == "secretsmanager.amazonaws.com"
    assert permission["sourceArn"] == rotation["secretId"]


def test_without_days_nothing_rotates():
    assert not ran(a_claim).all("SecretRotation")


def test_the_rotation_has_the_function_and_the_rights_that_it_has_on_cdk():
    def on_cdk(stack):
        body = fleet_body(policy_name="sensor", thing_name_prefix="sensor-")
        template = cdk.ProvisioningTemplate(stack, "Template", body=body, template_name="sensors")
        claim = cdk.ClaimCertificate(stack, "Claim", template=template, client_id_patterns=["factory-*"])
        claim.add_rotation(automatically_after_days=30)

    program = ran(lambda: a_claim(client_id_patterns=["factory-*"], rotate_automatically_after_days=30))
    resources = in_partition_aws(synthesised(on_cdk).to_json())["Resources"].values()
    inputs = program.only("Function")
    (function,) = (
        r["Properties"] for r in resources if r.get("Properties", {}).get("Handler") == inputs["handler"]
    )
    for setting in ("description", "memorySize", "runtime", "timeout"):
        assert inputs[setting] == function[setting[0].upper() + setting[1:]], setting
    variables = function["Environment"]["Variables"]
    assert inputs["environment"]["variables"] == {**variables, "POLICY_NAME": "claim-policy"}
    (role,) = (
        r["Properties"]
        for r in resources
        if r["Type"] == "AWS::IAM::Role" and r["Properties"]["Description"] == inputs["description"]
    )
    permissions = program.named("claim-rotation-role-permissions")["inputs"]["policy"]["Statement"]
    for there, here in zip(role["Policies"][0]["PolicyDocument"]["Statement"], permissions, strict=True):
        assert (there["Sid"], there["Action"]) == (here["Sid"], here["Action"])


@pytest.mark.parametrize("days", [0, 1001])
def test_days_out_of_their_range_are_refused(days):
    with pytest.raises(ValueError, match=r"rotate_automatically_after_days is .*: give 1 to 1000"):
        ran(lambda: a_claim(rotate_automatically_after_days=days))


def test_an_existing_claim_has_nothing_to_rotate():
    settings = {"certificate_arn": CERTIFICATE_ARN, "rotate_automatically_after_days": 30}
    with pytest.raises(ValueError, match="rotate_automatically_after_days is for the secret"):
        ran(lambda: a_claim(**settings))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"certificate_signing_request": CSR, "certificate_arn": CERTIFICATE_ARN},
            "give one of them, or none",
        ),
        ({"certificate_sources": []}, "certificate_sources is"),
        ({"payload_formats": []}, "payload_formats is"),
    ],
)
def test_contradicting_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: a_claim(**settings), preview=True)


def test_a_customer_key_without_a_secret_is_refused():
    def define():
        a_claim(certificate_signing_request=CSR, encryption_key=aws.kms.Key.get("key", KEY_ARN))

    with pytest.raises(ValueError, match="encryption_key is for the secret of a created certificate"):
        ran(define)


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_claim).own_part(ClaimCertificate) == snapshot
    assert ran(a_claim, preview=True).asked() == ran(a_claim).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(ClaimCertificate) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
