"""Just-in-time provisioning on AWS CDK."""

import json

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match
from typer.testing import CliRunner

from device_provisioning.aws_iot import ref
from device_provisioning.aws_iot.jitp_body import jitp_body
from device_provisioning.cdk import DevicePolicy, JustInTimeProvisioning, ProvisioningTemplate
from device_provisioning.cli import app as command
from tests.support.synthesis import IRELAND, a_stack, only, own_part, properties, roles_of, synthesised
from workshop import cloud_assembly

CA = "AWS::IoT::CACertificate"
TEMPLATE = "AWS::IoT::ProvisioningTemplate"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SERIAL_NUMBER = "AWS::IoT::Certificate::SerialNumber"


def pumps(stack, **settings):
    return JustInTimeProvisioning(stack, "Pumps", ca_certificate_pem=PEM, **settings)


def with_everything(stack):
    pumps(
        stack,
        verification_certificate_pem=PEM,
        active=False,
        thing_name_prefix="pump-",
        thing_type_name="Pump",
        thing_groups=["pumps"],
        attributes={"serial": ref(SERIAL_NUMBER)},
        template_name="pumps",
        description="Pumps of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        alarm_actions=[actions.SnsAction(sns.Topic(stack, "Alarms"))],
        silenced_rules={"DP008": "every certificate has a serial number"},
    )


def test_ca_and_template_are_joined_by_the_name_and_the_ca_comes_after():
    template = synthesised(lambda stack: pumps(stack, template_name="pumps"))
    authority, (template_id,) = only(template, CA), template.find_resources(TEMPLATE)
    assert authority["Properties"]["RegistrationConfig"] == {"TemplateName": "pumps"}
    assert authority["Properties"]["AutoRegistrationStatus"] == "ENABLE"
    assert template_id in authority["DependsOn"]


def test_the_template_is_of_type_jitp_and_has_no_hook():
    made = properties(synthesised(pumps), TEMPLATE)
    assert made["TemplateType"] == "JITP"
    assert "PreProvisioningHook" not in made


def test_only_this_template_can_use_the_role():
    (role,) = roles_of(synthesised(lambda stack: pumps(stack, template_name="pumps")), "iot.amazonaws.com")
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert condition["ArnLike"]["aws:SourceArn"].endswith(":provisioningtemplate/pumps")


def statements(template):
    (role,) = roles_of(template, "iot.amazonaws.com")
    return {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}


@pytest.mark.parametrize("body_inside_ca", [False, True])
def test_a_prefix_keeps_the_role_from_the_things_of_other_fleets(body_inside_ca):
    settings = {"thing_name_prefix": "pump-", "thing_groups": ["pumps"], "body_inside_ca": body_inside_ca}
    allowed = statements(synthesised(lambda stack: pumps(stack, **settings)))
    things = "arn:aws:iot:eu-west-1:111122223333:thing/pump-*"
    assert allowed["Things"]["Resource"] == things
    assert allowed["ThingPrincipals"]["Condition"] == {"ArnLikeIfExists": {"iot:thingArn": things}}
    assert [arn for arn in allowed["JoinThingGroups"]["Resource"] if ":thing/" in arn] == [things]


@pytest.mark.parametrize("body_inside_ca", [False, True])
def test_a_prefix_that_would_narrow_no_role_is_refused(body_inside_ca):
    def with_a_role(stack):
        role = iam.Role.from_role_name(stack, "Own", "own")
        pumps(stack, role=role, thing_name_prefix="pump-", body_inside_ca=body_inside_ca)

    with pytest.raises(ValueError, match="thing_name_prefix narrows the role that is created, but role is"):
        synthesised(with_a_role)


def test_a_prefix_next_to_the_managed_policy_is_refused():
    def template(stack):
        body = jitp_body(policy_name="pump")
        settings = {"thing_name_prefix": "pump-", "use_managed_registration_policy": True}
        ProvisioningTemplate(stack, "Template", body=body, **settings)

    with pytest.raises(ValueError, match="use_managed_registration_policy lets it touch all things"):
        synthesised(template)


def test_the_thing_is_named_after_the_common_name_and_has_its_certificate_alone():
    body = json.loads(properties(synthesised(pumps), TEMPLATE)["TemplateBody"])
    assert body["Resources"]["thing"]["Properties"]["ThingName"] == {
        "Ref": "AWS::IoT::Certificate::CommonName"
    }
    assert body["Resources"]["certificate"]["Properties"]["ThingPrincipalType"] == "EXCLUSIVE_THING"


def test_each_field_that_certificates_may_lack_is_warned_of():
    def warnings(**settings):
        stack = a_stack()
        country = ref("AWS::IoT::Certificate::Country")
        pumps(stack, attributes={"serial": ref(SERIAL_NUMBER), "country": country}, **settings)
        return [
            str(found.entry.data)
            for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())
        ]

    assert [
        field for field in ("SerialNumber", "Country") if f"no {field} in its subject" in str(warnings())
    ] == [
        "SerialNumber",
        "Country",
    ]
    assert warnings(silenced_rules={"DP008": "every certificate has both"}) == []


def test_every_piece_can_be_your_own():
    def define(stack):
        role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/own")
        policy = DevicePolicy(stack, "OwnPolicy", policy_name="own-policy")
        pumps(stack, role=role, device_policy=policy)

    template = synthesised(define)
    assert properties(template, TEMPLATE)["ProvisioningRoleArn"] == "arn:aws:iam::111122223333:role/own"
    assert '"PolicyName":"own-policy"' in properties(template, TEMPLATE)["TemplateBody"]
    template.resource_count_is("AWS::IoT::Policy", 1)


def test_a_body_of_ones_own_is_deployed_as_it_is():
    own = jitp_body(policy_name="own")
    template = synthesised(lambda stack: pumps(stack, body=own))
    assert json.loads(properties(template, TEMPLATE)["TemplateBody"]) == own.document


def test_a_body_and_settings_of_a_thing_contradict_each_other():
    with pytest.raises(ValueError, match="body and thing_type_name are given"):
        pumps(a_stack(), body=jitp_body(policy_name="own"), thing_type_name="Pump")


def test_alarms_go_off_at_the_first_device_that_fails():
    template = synthesised(with_everything)
    for name in ("ClientError", "ServerError"):
        (alarm,) = template.find_resources(
            "AWS::CloudWatch::Alarm", {"Properties": {"MetricName": f"ProvisionThing.{name}"}}
        ).values()
        assert alarm["Properties"]["Threshold"] == 1
        assert alarm["Properties"]["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["Properties"]["AlarmActions"]


def test_metrics_are_those_that_aws_iot_emits():
    success = JustInTimeProvisioning.metric_success(statistic="Maximum")
    assert (success.namespace, success.metric_name) == ("AWS/IoT", "ProvisionThing.Success")
    assert success.statistic == "Maximum"


def test_on_the_emulator_template_role_and_ca_are_joined_by_name(emulator, tmp_path):
    assert CliRunner().invoke(command, ["ca", "create", "--out", str(tmp_path)]).exit_code == 0
    app = App(outdir=str(tmp_path / "cdk.out"))
    stack = Stack(app, "JustInTime", env=IRELAND)
    pem = (tmp_path / "ca.pem").read_text()
    JustInTimeProvisioning(stack, "Pumps", ca_certificate_pem=pem, template_name="jitp-pumps")
    app.synth()
    cloud_assembly.deploy(emulator, tmp_path / "cdk.out", "JustInTime")
    iot, roles = emulator.client("iot"), emulator.client("iam")
    ids = [authority["certificateId"] for authority in iot.list_ca_certificates()["certificates"]]
    described = [iot.describe_ca_certificate(certificateId=ca_id) for ca_id in ids]
    named = [answer.get("registrationConfig", {}).get("templateName") for answer in described]
    assert named.count("jitp-pumps") == 1
    template = iot.describe_provisioning_template(templateName="jitp-pumps")
    assert (template["type"], template["enabled"]) == ("JITP", True)
    role = roles.get_role(RoleName=template["provisioningRoleArn"].rpartition("/")[2])["Role"]
    assert "provisioningtemplate/jitp-pumps" in json.dumps(role["AssumeRolePolicyDocument"])
    cloud_assembly.destroy(emulator, "JustInTime")


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(pumps, JustInTimeProvisioning) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, JustInTimeProvisioning) == snapshot
