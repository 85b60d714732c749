"""Just-in-time provisioning and certificate authorities on Pulumi."""

import json
from pathlib import Path

import pytest
from pulumi_program import ran
from synthesis import synthesised

from device_provisioning import cdk
from device_provisioning.aws_iot import ref
from device_provisioning.pulumi import (
    CertificateAuthority,
    CertificateMode,
    DevicePolicy,
    JustInTimeProvisioning,
)

CA = Path("examples/ca.pem").read_text()
SERIAL_NUMBER = ref("AWS::IoT::Certificate::SerialNumber")
SILENCED = {"DP008": "every certificate has one"}


def pumps(**settings):
    return JustInTimeProvisioning("pumps", {"ca_certificate_pem": CA, **settings})


def with_everything():
    pumps(
        verification_certificate_pem=CA,
        certificate_mode=CertificateMode.DEFAULT,
        active=False,
        thing_type_name="Pump",
        thing_groups=["pumps"],
        attributes={"serial": SERIAL_NUMBER},
        template_name="pumps",
        description="Pumps",
        enabled=False,
        tags={"site": "plant7"},
        device_policy=DevicePolicy("own").resource,
        alarm_actions=["arn:aws:sns:eu-west-1:111122223333:alarms"],
        silenced_rules=SILENCED,
    )


def test_body_mode_and_alarms_are_those_of_cdk():
    def on_cdk(stack):
        settings = {"attributes": {"serial": SERIAL_NUMBER}, "silenced_rules": SILENCED}
        cdk.JustInTimeProvisioning(
            stack,
            "Pumps",
            ca_certificate_pem=CA,
            device_policy=cdk.DevicePolicy(stack, "Own", policy_name="own"),
            **settings,
        )

    def on_pulumi():
        policy = DevicePolicy("own", {"policy_name": "own"}).resource
        pumps(attributes={"serial": SERIAL_NUMBER}, device_policy=policy, silenced_rules=SILENCED)

    template, program = synthesised(on_cdk), ran(on_pulumi)
    (deployed,) = template.find_resources("AWS::IoT::ProvisioningTemplate").values()
    body = program.named("pumps-template-template")["inputs"]["template_body"]
    assert body == json.loads(deployed["Properties"]["TemplateBody"])
    (authority,) = template.find_resources("AWS::IoT::CACertificate").values()
    inputs = program.only("CaCertificate")
    assert inputs["caCertificatePem"]["SECRET"] == authority["Properties"]["CACertificatePem"]
    assert inputs["certificateMode"] == authority["Properties"]["CertificateMode"]
    assert (inputs["active"], inputs["allowAutoRegistration"]) == (True, True)
    assert authority["Properties"]["AutoRegistrationStatus"] == "ENABLE"
    alarms = template.find_resources("AWS::CloudWatch::Alarm").values()
    described = {alarm["Properties"]["MetricName"]: alarm["Properties"] for alarm in alarms}
    for alarm in program.all("MetricAlarm").values():
        assert alarm["alarmDescription"] == described[alarm["metricName"]]["AlarmDescription"]
        assert alarm["namespace"] == described[alarm["metricName"]]["Namespace"]
    assert len(described) == len(program.all("MetricAlarm"))


def test_the_authority_waits_for_the_template_that_it_names():
    program = ran(pumps)
    awaited = program.named("pumps-authority-ca")["dependencies"]
    assert any(urn.endswith("::pumps-template-template") for urn in awaited)


# That a certificate is secret is a choice of pulumi-aws.
def test_an_authority_without_a_template_registers_nobody_by_itself():
    program = ran(lambda: CertificateAuthority("factory", {"certificate_pem": CA}))
    assert program.only("CaCertificate") == {
        "active": True,
        "allowAutoRegistration": False,
        "caCertificatePem": {"SECRET": CA},
        "certificateMode": "SNI_ONLY",
    }


def test_a_name_that_is_not_known_yet_is_never_made_a_text(caplog):
    ran(pumps)
    assert "Output[T]" not in caplog.text


@pytest.mark.parametrize(
    ("pem", "message"),
    [("", "certificate_pem is empty"), ("-----BEGIN EC PRIVATE KEY-----", "holds a private key")],
)
def test_what_is_no_certificate_is_refused(pem, message):
    with pytest.raises(ValueError, match=message):
        ran(lambda: CertificateAuthority("factory", {"certificate_pem": pem}))


def test_a_mode_that_contradicts_the_verification_certificate_is_refused():
    settings = {"certificate_pem": CA, "certificate_mode": CertificateMode.DEFAULT}
    with pytest.raises(ValueError, match="DP043"):
        ran(lambda: CertificateAuthority("factory", settings))


def inside(**settings):
    return pumps(body_inside_ca=True, **settings)


def test_a_body_inside_the_ca_is_that_of_cdk_and_its_role_trusts_this_ca_alone():
    settings = {"attributes": {"serial": SERIAL_NUMBER}, "silenced_rules": SILENCED}

    def on_cdk(stack):
        policy = cdk.DevicePolicy(stack, "Own", policy_name="own")
        more = {"device_policy": policy, "body_inside_ca": True}
        cdk.JustInTimeProvisioning(stack, "Pumps", ca_certificate_pem=CA, **settings, **more)

    def on_pulumi():
        inside(device_policy=DevicePolicy("own", {"policy_name": "own"}).resource, **settings)

    (given,) = synthesised(on_cdk).find_resources("Custom::AuthorityTemplate").values()
    program = ran(on_pulumi)
    inputs = program.named("pumps-inside-template")["inputs"]
    assert inputs["template_body"] == json.loads(given["Properties"]["TemplateBody"])
    assert inputs["enabled"] is True
    authority = program.named("pumps-authority-ca")
    assert authority["options"]["ignoreChanges"] == ["allowAutoRegistration", "registrationConfig"]
    assert authority["inputs"]["allowAutoRegistration"] is False
    trust = program.named("pumps-inside-role")["inputs"]["assumeRolePolicy"]["Statement"][0]
    arn = "arn:aws:iot:eu-west-1:111122223333:pumps-authority-ca"
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": arn}
    assert not program.all("ProvisioningTemplate")


def test_a_body_inside_the_ca_has_no_settings_of_a_template():
    with pytest.raises(ValueError, match="template_name would have no effect"):
        ran(lambda: inside(template_name="pumps"))


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_a_body_inside_the_ca_matches_the_snapshot(snapshot, preview):
    assert ran(inside, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_defaults_match_the_snapshot(snapshot, preview):
    assert ran(pumps, preview=preview).snapshot() == snapshot


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_everything_set_matches_the_snapshot(snapshot, preview):
    assert ran(with_everything, preview=preview).snapshot() == snapshot
