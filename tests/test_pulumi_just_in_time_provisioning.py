"""Just-in-time provisioning and certificate authorities on Pulumi."""

import json
from pathlib import Path

import pulumi_aws as aws
import pytest
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns

from device_provisioning import cdk
from device_provisioning.aws_iot import ref
from device_provisioning.pulumi import (
    CertificateAuthority,
    CertificateMode,
    DevicePolicy,
    JustInTimeProvisioning,
)
from tests.support.pulumi_program import ran
from tests.support.synthesis import synthesised

CA = Path("examples/ca.pem").read_text()
SERIAL_NUMBER = ref("AWS::IoT::Certificate::SerialNumber")
ON_CALL = "arn:aws:sns:eu-west-1:111122223333:alarms"
SILENCED = {"DP008": "every certificate has one"}


def pumps(**settings):
    return JustInTimeProvisioning("pumps", {"ca_certificate_pem": CA, **settings})


def with_everything():
    pumps(
        verification_certificate_pem=CA,
        certificate_mode=CertificateMode.DEFAULT,
        active=False,
        thing_name_prefix="pump-",
        thing_type_name="Pump",
        thing_groups=["pumps"],
        attributes={"serial": SERIAL_NUMBER},
        template_name="pumps",
        description="Pumps",
        enabled=False,
        tags={"site": "plant7"},
        device_policy=DevicePolicy("own").resource,
        alarm_actions=[ON_CALL],
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
            alarm_actions=[actions.SnsAction(sns.Topic.from_topic_arn(stack, "OnCall", ON_CALL))],
            **settings,
        )

    def on_pulumi():
        policy = DevicePolicy("own", {"policy_name": "own"}).resource
        settings = {"attributes": {"serial": SERIAL_NUMBER}, "silenced_rules": SILENCED}
        pumps(device_policy=policy, alarm_actions=[ON_CALL], **settings)

    template, program = synthesised(on_cdk), ran(on_pulumi)
    (deployed,) = template.find_resources("AWS::IoT::ProvisioningTemplate").values()
    body = program.named("pumps-template-template")["inputs"]["template_body"]
    assert body == json.loads(deployed["Properties"]["TemplateBody"])
    (authority,) = template.find_resources("AWS::IoT::CACertificate").values()
    inputs = program.only("CaCertificate")
    assert inputs["caCertificatePem"]["SECRET"] == authority["Properties"]["CACertificatePem"]
    assert inputs["certificateMode"] == authority["Properties"]["CertificateMode"]
    registration = program.named("pumps-inside-template")["inputs"]
    assert (inputs["active"], registration["enabled"]) == (True, True)
    assert authority["Properties"]["AutoRegistrationStatus"] == "ENABLE"
    alarms = template.find_resources("AWS::CloudWatch::Alarm").values()
    described = {alarm["Properties"]["MetricName"]: alarm["Properties"] for alarm in alarms}
    for alarm in program.all("MetricAlarm").values():
        assert alarm["alarmDescription"] == described[alarm["metricName"]]["AlarmDescription"]
        assert alarm["namespace"] == described[alarm["metricName"]]["Namespace"]
    assert len(described) == len(program.all("MetricAlarm")) == 2


@pytest.mark.parametrize(("place", "body_inside_ca"), [("template", False), ("inside", True)])
def test_a_prefix_keeps_the_role_from_the_things_of_other_fleets(place, body_inside_ca):
    program = ran(lambda: pumps(thing_name_prefix="pump-", body_inside_ca=body_inside_ca))
    policy = program.named(f"pumps-{place}-role-permissions")["inputs"]["policy"]
    allowed = {statement["Sid"]: statement for statement in policy["Statement"]}
    things = "arn:aws:iot:eu-west-1:111122223333:thing/pump-*"
    assert allowed["Things"]["Resource"] == things
    assert allowed["ThingPrincipals"]["Condition"] == {"ArnLikeIfExists": {"iot:thingArn": things}}


@pytest.mark.parametrize("body_inside_ca", [False, True])
def test_a_prefix_that_would_narrow_no_role_is_refused(body_inside_ca):
    def with_a_role():
        role = aws.iam.Role("own", assume_role_policy="{}")
        pumps(role=role, thing_name_prefix="pump-", body_inside_ca=body_inside_ca)

    with pytest.raises(ValueError, match="thing_name_prefix narrows the role that is created, but role is"):
        ran(with_a_role)


def test_the_authority_registers_nobody_before_the_template_that_it_names():
    program = ran(lambda: pumps(enabled=False))
    assert program.named("pumps-authority-ca")["inputs"]["allowAutoRegistration"] is False
    registration = program.named("pumps-inside-template")
    assert any(urn.endswith("::pumps-template-template") for urn in registration["dependencies"])
    # As on CDK, it is the template that is not enabled.
    assert registration["inputs"]["enabled"] is True


def test_one_resource_says_by_what_the_authority_registers_in_both_ways():
    by_template, by_body = ran(pumps), ran(inside)
    assert by_template.urn("pumps-inside-template") == by_body.urn("pumps-inside-template")
    for program in (by_template, by_body):
        authority = program.named("pumps-authority-ca")
        assert authority["options"]["ignoreChanges"] == ["allowAutoRegistration", "registrationConfig"]
        assert "registrationConfig" not in authority["inputs"]
    assert by_template.named("pumps-inside-template")["inputs"]["template_body"] == ""
    assert by_body.named("pumps-inside-template")["inputs"]["template_name"] == ""


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
    [("", "certificate_pem is empty"), ("-----BEGIN EC PRIVATE KEY-----", "contains a private key")],
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


def test_a_body_inside_the_ca_matches_the_snapshot(snapshot):
    assert ran(inside).own_part(JustInTimeProvisioning) == snapshot
    assert ran(inside, preview=True).asked() == ran(inside).asked()


def test_defaults_match_the_snapshot(snapshot):
    assert ran(pumps).own_part(JustInTimeProvisioning) == snapshot
    assert ran(pumps, preview=True).asked() == ran(pumps).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(JustInTimeProvisioning) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
