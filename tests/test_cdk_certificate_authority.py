"""The certificate authority on AWS CDK."""

import subprocess
import sys

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk.assertions import Annotations, Match

from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.aws_iot.jitp_body import jitp_body
from device_provisioning.cdk import CertificateAuthority, CertificateMode, ProvisioningTemplate
from tests.support.synthesis import IRELAND, a_stack, only, own_part, properties, synthesised
from workshop import cloud_assembly

CA = "AWS::IoT::CACertificate"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"


def an_authority(stack, **settings):
    return CertificateAuthority(stack, "Authority", certificate_pem=PEM, **settings)


def with_everything(stack):
    template = ProvisioningTemplate(
        stack, "Template", body=jitp_body(policy_name="pump"), template_name="pumps"
    )
    an_authority(
        stack, verification_certificate_pem=PEM, template=template, tags={"factory": "north"}, active=True
    )


def test_a_ca_accepts_devices_but_registers_none_by_itself():
    made = properties(synthesised(an_authority), CA)
    assert (made["Status"], made["AutoRegistrationStatus"]) == ("ACTIVE", "DISABLE")
    assert "RegistrationConfig" not in made


@pytest.mark.parametrize(("verification", "mode"), [(None, "SNI_ONLY"), (PEM, "DEFAULT")])
def test_the_mode_follows_from_the_verification_certificate(verification, mode):
    template = synthesised(lambda stack: an_authority(stack, verification_certificate_pem=verification))
    assert properties(template, CA)["CertificateMode"] == mode


def test_a_ca_with_a_template_registers_automatically_and_waits_for_the_template():
    template = synthesised(with_everything)
    authority = only(template, CA)
    assert authority["Properties"]["AutoRegistrationStatus"] == "ENABLE"
    assert authority["Properties"]["RegistrationConfig"] == {"TemplateName": "pumps"}
    (name,) = template.find_resources("AWS::IoT::ProvisioningTemplate")
    assert name in authority["DependsOn"]


def test_an_inactive_ca_is_sent_as_inactive():
    assert (
        properties(synthesised(lambda stack: an_authority(stack, active=False)), CA)["Status"] == "INACTIVE"
    )


@pytest.mark.parametrize(
    ("settings", "mode"),
    [({}, CertificateMode.DEFAULT), ({"verification_certificate_pem": PEM}, CertificateMode.SNI_ONLY)],
)
def test_mode_and_verification_certificate_that_contradict_each_other_are_refused(settings, mode):
    with pytest.raises(ValueError, match="DP043"):
        an_authority(a_stack(), certificate_mode=mode, **settings)


def test_a_fleet_template_is_no_jitp_template():
    stack = a_stack()
    template = ProvisioningTemplate(
        stack,
        "Template",
        body=fleet_body(policy_name="pump", thing_name_prefix="pump-"),
        template_name="pumps",
    )
    with pytest.raises(ValueError, match="'pumps' is of type FLEET_PROVISIONING"):
        an_authority(stack, template=template)


def test_a_ca_whose_template_can_never_be_used_is_warned_of_unless_it_is_silenced():
    def warnings(**settings):
        stack = a_stack()
        template = ProvisioningTemplate.from_template_name(stack, "Template", "pumps")
        an_authority(stack, template=template, automatic_registration=False, **settings)
        return Annotations.from_stack(stack).find_warning("*", Match.any_value())

    (warning,) = warnings()
    assert "does not register automatically" in str(warning.entry.data)
    assert not warnings(silenced_rules={"DP045": "registration begins next week"})


@pytest.mark.parametrize(
    ("pem", "problem"),
    [
        (PEM + KEY, "certificate_pem contains a private key"),
        ("MIIB", "certificate_pem is not a certificate in PEM"),
        ("", "certificate_pem is empty"),
    ],
)
def test_what_is_no_certificate_is_refused_and_never_shown(pem, problem):
    with pytest.raises(ValueError, match=problem) as error:
        CertificateAuthority(a_stack(), "Authority", certificate_pem=pem)
    assert "MIIB" not in str(error.value)


def test_a_certificate_that_is_not_known_yet_is_not_checked():
    def define(stack):
        pem = CfnParameter(stack, "Pem").value_as_string
        CertificateAuthority(stack, "Authority", certificate_pem=pem)

    assert properties(synthesised(define), CA)["CACertificatePem"] == {"Ref": "Pem"}


def test_the_emulator_registers_a_ca_of_the_command_in_both_modes(emulator, tmp_path):
    iot = emulator.client("iot")
    code = iot.get_registration_code()["registrationCode"]
    command = [sys.executable, "-m", "device_provisioning.cli", "ca"]
    for arguments in (["create"], ["verification-certificate", code], ["create", "--out", "other"]):
        subprocess.run([*command, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def authorities():
        return {found["certificateId"] for found in iot.list_ca_certificates()["certificates"]}

    before = authorities()
    app = App(outdir=str(tmp_path / "cdk.out"))
    stack = Stack(app, "Authorities", env=IRELAND)
    CertificateAuthority(
        stack,
        "Verified",
        certificate_pem=(tmp_path / "ca.pem").read_text(),
        verification_certificate_pem=(tmp_path / "verification.pem").read_text(),
    )
    CertificateAuthority(stack, "Named", certificate_pem=(tmp_path / "other" / "ca.pem").read_text())
    app.synth()
    cloud_assembly.deploy(emulator, tmp_path / "cdk.out", "Authorities")
    made = authorities() - before
    described = [iot.describe_ca_certificate(certificateId=ca_id)["certificateDescription"] for ca_id in made]
    assert {authority["certificateMode"] for authority in described} == {"DEFAULT", "SNI_ONLY"}
    cloud_assembly.destroy(emulator, "Authorities")
    assert authorities() == before


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(an_authority, CertificateAuthority) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, CertificateAuthority) == snapshot
