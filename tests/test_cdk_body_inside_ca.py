"""Just-in-time provisioning with the body inside the CA, on AWS CDK and on the emulator that enforces IAM."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
from aws_cdk.assertions import Annotations, Match, Template
from botocore.exceptions import ClientError

from device_provisioning.aws_iot import ref
from device_provisioning.cdk import JustInTimeProvisioning
from device_provisioning.lambdas.custom_resources import authority_template
from tests.support.certificates import an_authority, pem_of
from tests.support.synthesis import (
    IRELAND,
    a_stack,
    caretaker_statements,
    only,
    own_part,
    properties,
    roles_of,
    synthesised,
)
from workshop import cloud_assembly

CA = "AWS::IoT::CACertificate"
INSIDE = "Custom::AuthorityTemplate"
PEM = Path("examples/ca.pem").read_text()


def pumps(stack, **settings):
    return JustInTimeProvisioning(
        stack, "Pumps", **{"ca_certificate_pem": PEM, "body_inside_ca": True, **settings}
    )


def with_everything(stack):
    pumps(
        stack,
        verification_certificate_pem=PEM,
        active=False,
        thing_type_name="Pump",
        attributes={"serial": ref("AWS::IoT::Certificate::SerialNumber")},
        enabled=False,
        tags={"site": "plant7"},
        silenced_rules={"DP008": "every certificate has a serial number"},
    )


def test_only_this_ca_can_use_the_role():
    template = synthesised(pumps)
    (ca_id,) = template.find_resources(CA)
    (role,) = roles_of(template, "iot.amazonaws.com")
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert condition == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": {"Fn::GetAtt": [ca_id, "Arn"]}},
    }


def test_the_ca_registers_nobody_until_a_function_gives_it_the_body():
    template = synthesised(pumps)
    authority, inside = properties(template, CA), only(template, INSIDE)
    assert not {"AutoRegistrationStatus", "RegistrationConfig"} & authority.keys()
    (ca_id,) = template.find_resources(CA)
    assert inside["Properties"]["CaCertificateId"] == {"Fn::GetAtt": [ca_id, "Id"]}
    assert inside["Properties"]["Enabled"] == "true"
    (role_id,) = [name for name in template.find_resources("AWS::IAM::Role") if "TemplateRole" in name]
    assert inside["Properties"]["RoleArn"] == {"Fn::GetAtt": [role_id, "Arn"]}


def test_the_function_can_change_this_ca_and_pass_this_role_and_nothing_else():
    template = synthesised(pumps)
    (ca_id,) = template.find_resources(CA)
    statements = caretaker_statements(template)
    assert set(statements) == {"Authority", "ProvisioningRole"}
    assert statements["Authority"]["Action"] == ["iot:DescribeCACertificate", "iot:UpdateCACertificate"]
    assert statements["Authority"]["Resource"] == {"Fn::GetAtt": [ca_id, "Arn"]}
    assert statements["ProvisioningRole"]["Condition"]["StringEquals"] == {
        "iam:PassedToService": "iot.amazonaws.com"
    }


def test_what_changes_of_the_ca_makes_the_function_run_once_more():
    def inside(**settings):
        return properties(synthesised(lambda stack: pumps(stack, **settings)), INSIDE)

    assert inside() != inside(active=False)
    assert inside() != inside(tags={"site": "plant7"})
    assert inside() == inside()


def test_there_is_no_template_and_settings_of_one_are_refused():
    synthesised(pumps).resource_count_is("AWS::IoT::ProvisioningTemplate", 0)
    with pytest.raises(ValueError, match="the body is inside the CA, so there is no template"):
        _ = pumps(a_stack()).template
    with pytest.raises(ValueError, match="template_name, description would have no effect"):
        pumps(a_stack(), template_name="pumps", description="Pumps")


def test_the_body_is_checked_and_each_field_that_certificates_may_lack_is_warned_of():
    stack = a_stack()
    pumps(stack, attributes={"serial": ref("AWS::IoT::Certificate::SerialNumber")})
    (warning,) = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert "no SerialNumber in its subject" in str(warning.entry.data)


def test_a_body_inside_a_ca_waits_for_a_group_beside_it_and_says_which_type_has_to_exist():
    stack = a_stack()
    pumps(stack, thing_groups=["plant7"], thing_type_name="Pump")
    iot.CfnThingGroup(stack, "Beside", thing_group_name="plant7")
    (said,) = Annotations.from_stack(stack).find_info("*", Match.any_value())
    assert "ThingType 'Pump' has to exist" in str(said.entry.data)
    (body,) = Template.from_stack(stack).find_resources(INSIDE).values()
    assert "Beside" in body["DependsOn"]


def test_a_role_of_ones_own_that_trusts_another_source_is_refused():
    stack = a_stack()
    source = {"ArnLike": {"aws:SourceArn": "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/pumps"}}
    principal = iam.ServicePrincipal("iot.amazonaws.com", conditions=source)
    pumps(stack, role=iam.Role(stack, "Own", assumed_by=principal))
    with pytest.raises(RuntimeError, match="DP030"):
        stack.node.root.synth()


def let_the_emulator_authorise(made):
    """AWS authorises the calls on the CA, the emulator on another resource."""
    inside = made.node.find_child("AuthorityTemplate")
    actions = ["iot:DescribeCACertificate", "iot:UpdateCACertificate"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = iam.CfnPolicy(
        inside,
        "Emulator",
        policy_name="Emulator",
        policy_document={"Version": "2012-10-17", "Statement": [statement]},
        roles=[inside.node.find_child("CaretakerRights").ref],
    )
    inside.node.find_child("Resource").node.add_dependency(policy)


class Deployed:
    """A stack whose settings change from deployment to deployment."""

    def __init__(self, emulator, folders):
        self.emulator, self.iot, self.folders = emulator, emulator.client("iot"), folders
        self.pem = pem_of(an_authority("Inside").certificate).decode()

    def deploy(self, **settings):
        folder = self.folders.mktemp("cdk.out")
        app = App(outdir=str(folder))
        stack = Stack(app, "Inside", env=IRELAND)
        let_the_emulator_authorise(pumps(stack, ca_certificate_pem=self.pem, **settings))
        app.synth()
        cloud_assembly.deploy(self.emulator, folder, "Inside")

    def authority(self):
        for listed in self.iot.list_ca_certificates()["certificates"]:
            described = self.iot.describe_ca_certificate(certificateId=listed["certificateId"])
            if described["certificateDescription"]["certificatePem"] == self.pem:
                return described
        raise AssertionError("the CA is not there")


def test_the_ca_has_the_body_through_its_changes_and_its_role_trusts_it_alone(
    enforcing_emulator, tmp_path_factory
):
    deployed = Deployed(enforcing_emulator, tmp_path_factory)

    def status():
        description = deployed.authority()["certificateDescription"]
        return description["status"], description["autoRegistrationStatus"]

    deployed.deploy()
    config = deployed.authority()["registrationConfig"]
    assert "AWS::IoT::Certificate::CommonName" in json.loads(config["templateBody"])["Parameters"]
    assert status() == ("ACTIVE", "ENABLE")
    role = enforcing_emulator.client("iam").get_role(RoleName=config["roleArn"].rpartition("/")[2])["Role"]
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert (
        condition["ArnLike"]["aws:SourceArn"]
        == (deployed.authority()["certificateDescription"]["certificateArn"])
    )
    deployed.deploy(thing_groups=["pumps"])
    assert "pumps" in deployed.authority()["registrationConfig"]["templateBody"]
    deployed.deploy(enabled=False)
    assert status() == ("ACTIVE", "DISABLE")
    deployed.deploy(active=False)
    assert status() == ("INACTIVE", "ENABLE")
    deployed.deploy()
    assert status() == ("ACTIVE", "ENABLE")
    cloud_assembly.destroy(enforcing_emulator, "Inside")
    with pytest.raises(AssertionError, match="not there"):
        deployed.authority()


class Refusing:
    """AWS IoT, which does not see a new role for a while."""

    def __init__(
        self, times, code="InvalidRequestException", message="The role cannot be assumed by AWS IoT"
    ):
        self.calls, self._times = [], times
        self._error = {"Error": {"Code": code, "Message": message}}

    def describe_ca_certificate(self, **_):
        return {"registrationConfig": {"templateBody": "{}"}}

    def update_ca_certificate(self, **arguments):
        self.calls.append(arguments)
        if len(self.calls) <= self._times:
            raise ClientError(self._error, "UpdateCACertificate")


def give(iot, seconds_left):
    registration = {"templateBody": "{}", "roleArn": "arn"}
    authority_template.give(iot, "ca", registration, enabled=True, seconds_left=seconds_left)


def test_a_role_that_is_not_seen_yet_is_waited_for_and_anything_else_is_not(monkeypatch):
    monkeypatch.setattr(authority_template, "SECONDS_BETWEEN", 0.0)
    patient = Refusing(2)
    give(patient, lambda: 60)
    assert len(patient.calls) == 3
    for refusing, seconds in ((Refusing(2), 0), (Refusing(2, message="Invalid registration template"), 60)):
        with pytest.raises(ClientError):
            give(refusing, lambda seconds=seconds: seconds)
        assert len(refusing.calls) == 1


def test_a_ca_that_is_gone_is_fine_and_another_refusal_is_not():
    registration = {"templateBody": "{}", "roleArn": "arn"}
    authority_template.take_away(Refusing(1, code="ResourceNotFoundException"), "ca", registration)
    with pytest.raises(ClientError):
        authority_template.take_away(Refusing(1, code="UnauthorizedException"), "ca", registration)


class Authority:
    """AWS IoT with one CA."""

    def __init__(self):
        self.registration, self.status = {}, "DISABLE"

    def describe_ca_certificate(self, **_):
        description = {"autoRegistrationStatus": self.status}
        found = {"registrationConfig": self.registration} if self.registration else {}
        return {"certificateDescription": description, **found}

    def update_ca_certificate(self, **arguments):
        self.status = arguments["newAutoRegistrationStatus"]
        given = arguments.get("registrationConfig", self.registration)
        self.registration = {} if arguments.get("removeAutoRegistration") else given

    def becomes(self, **registration):
        """Somebody else changes by what the CA registers."""
        self.update_ca_certificate(newAutoRegistrationStatus="ENABLE", registrationConfig=registration)


PROPERTIES = {"CaCertificateId": "ca", "TemplateBody": '{"a": 1}', "RoleArn": "arn", "Enabled": "true"}


class TestOrderOfAnUpdate:
    """CloudFormation deletes what has left a stack when everything else is changed already."""

    @pytest.fixture
    def iot(self, monkeypatch):
        iot = Authority()
        monkeypatch.setattr(authority_template, "client", lambda service: iot)
        return iot

    def event(self, kind):
        event = {"RequestType": kind, "ResourceProperties": PROPERTIES, "PhysicalResourceId": "id"}
        authority_template.handle(event, lambda: 60)

    def test_a_ca_that_has_a_template_by_now_keeps_it_when_the_body_goes(self, iot):
        self.event("Create")
        iot.becomes(templateName="pumps")
        self.event("Delete")
        assert (iot.status, iot.registration) == ("ENABLE", {"templateName": "pumps"})

    def test_a_ca_that_somebody_gave_another_body_keeps_it(self, iot):
        self.event("Create")
        iot.becomes(templateBody="{}", roleArn="arn")
        self.event("Delete")
        assert (iot.status, iot.registration["templateBody"]) == ("ENABLE", "{}")

    def test_a_ca_that_still_has_the_body_registers_nobody_afterwards(self, iot):
        self.event("Create")
        # AWS IoT may write the same document in another way.
        iot.registration = {**iot.registration, "templateBody": '{ "a":1 }'}
        self.event("Delete")
        assert (iot.status, iot.registration) == ("DISABLE", {})


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(pumps, JustInTimeProvisioning) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, JustInTimeProvisioning) == snapshot
