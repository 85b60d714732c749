"""The provisioning template on Pulumi."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.aws_iot import FleetTemplate, JitpTemplate, Parameter, Policy, Thing, join, ref
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.pulumi import DeviceAllowList, PreProvisioningHook, ProvisioningTemplate
from tests.support.own_roles import a_provisioning_role
from tests.support.pulumi_program import ran

TEMPLATE = "ProvisioningTemplate"
ARN = "arn:aws:iot:eu-west-1:111122223333"


def fleet(**thing):
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=join("-", ["sensor", ref("SerialNumber")]), **thing),
        policies=[Policy(policy_name="sensor-runtime")],
    )


def fleet_of_sites():
    return fleet_body(policy_name="sensor", thing_name_prefix="sensor-", thing_groups=[ref("Site")])


def jitp():
    common_name = "AWS::IoT::Certificate::CommonName"
    return JitpTemplate(
        parameters={common_name: Parameter()},
        thing=Thing(thing_name=ref(common_name)),
        policies=[Policy(policy_name="sensor-runtime")],
    )


def a_template(body=None, **settings):
    return ProvisioningTemplate("template", {"body": (body or fleet()).document, **settings})


def with_everything():
    hook = PreProvisioningHook("hook", {"device_allow_list": DeviceAllowList("devices").table})
    a_template(
        fleet(thing_groups=["sensors"]),
        template_name="sensors",
        hook=hook.function,
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        use_managed_registration_policy=True,
        silenced_rules={"DP019": "a device registers once"},
    )


def template_of(program):
    """The inputs of the template itself, not of the component."""
    return program.named("template-template")["inputs"]


def test_a_template_is_enabled_and_says_its_type():
    inputs = template_of(ran(a_template))
    assert inputs["enabled"] is True
    assert inputs["template_type"] == "FLEET_PROVISIONING"


def test_the_deployed_body_is_the_given_body():
    assert template_of(ran(a_template))["template_body"] == fleet().document


def test_a_body_with_an_output_is_deployed_with_the_output_resolved_and_narrows_the_role():
    def define():
        policy = aws.iot.Policy("policy", policy="{}")
        body = FleetTemplate(
            parameters={"SerialNumber": Parameter()},
            thing=Thing(thing_name=ref("SerialNumber")),
            policies=[Policy(policy_name=policy.name)],
        )
        a_template(body)

    program = ran(define)
    assert (
        template_of(program)["template_body"]["Resources"]["policy"]["Properties"]["PolicyName"] == "policy"
    )
    statements = {s["Sid"]: s for s in program.only("RolePolicy")["policy"]["Statement"]}
    assert statements["Policies"]["Resource"] == f"{ARN}:policy/policy"


def test_whole_numbers_that_another_language_sends_stay_whole():
    body = fleet().document
    body["Resources"]["thing"]["Properties"]["ThingName"] = {
        "Fn::Select": [1.0, {"Fn::Split": ["-", {"Ref": "SerialNumber"}]}]
    }
    texts = []

    def define():
        template = ProvisioningTemplate("template", {"body": body})
        template.resource.template_body.apply(texts.append)

    ran(define)
    assert '"Fn::Select":[1,' in texts[0]


def test_only_this_template_can_use_the_role():
    role = ran(lambda: a_template(template_name="sensors")).only("Role")
    (statement,) = role["assumeRolePolicy"]["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": f"{ARN}:provisioningtemplate/sensors"},
    }


def test_the_managed_policy_is_attached_only_when_it_is_asked_for():
    assert not ran(a_template).all("RolePolicyAttachment")
    attachment = ran(with_everything).only("RolePolicyAttachment")
    assert attachment["policyArn"] == "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"


def test_a_role_of_ones_own_is_used_and_none_is_created():
    program = ran(lambda: a_template(role=a_provisioning_role("own")))
    assert template_of(program)["provisioning_role_arn"] == "arn:aws:iam::111122223333:role/own"
    assert list(program.all("Role")) == ["own"]


def test_the_hook_may_be_invoked_for_exactly_this_template_before_it_is_created():
    program = ran(with_everything)
    permission = program.only("Permission")
    assert permission["principal"] == "iot.amazonaws.com"
    assert permission["sourceAccount"] == "111122223333"
    assert permission["sourceArn"] == f"{ARN}:provisioningtemplate/sensors"
    awaited = program.named("template-template")["dependencies"]
    assert any(urn.endswith("::template-hook-permission") for urn in awaited)


def test_the_template_waits_for_the_policy_of_its_role():
    awaited = ran(a_template).named("template-template")["dependencies"]
    assert any(urn.endswith("::template-role-permissions") for urn in awaited)


def test_a_generated_name_fits_stays_the_same_and_changes_with_the_type():
    def name_of(body, **settings):
        (inputs,) = ran(lambda: a_template(body, **settings)).all("GeneratedName").values()
        return inputs["proposed"]

    assert name_of(fleet()) == name_of(fleet())
    assert name_of(jitp(), template_type="JITP") != name_of(fleet())
    long = ran(lambda: ProvisioningTemplate("t" * 60, {"body": fleet().document})).only("GeneratedName")
    assert len(long["proposed"]) == 36


def test_a_jitp_template_with_a_hook_is_refused():
    def define():
        hook = PreProvisioningHook("hook", {"device_allow_list": DeviceAllowList("devices").table})
        a_template(jitp(), template_type="JITP", hook=hook.function)

    with pytest.raises(ValueError, match="a template of type JITP has a pre-provisioning hook"):
        ran(define)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_hook_that_lets_devices_choose_what_their_things_are_made_of_is_refused_unless_they_may(is_known):
    def define(*, device_parameters=(), **of_hook):
        table = DeviceAllowList("devices").table
        hook = PreProvisioningHook("hook", {"device_allow_list": table, **of_hook}).function
        body = fleet_of_sites().document
        settings = {"hook": hook, "device_parameters": list(device_parameters)}
        ProvisioningTemplate(
            "template", {"body": body if is_known else pulumi.Output.from_input(body), **settings}
        )

    ran(lambda: define(listed_parameters=["Site"]))
    ran(lambda: define(device_parameters=["Site"]))
    with pytest.raises(ValueError, match="the hook lets a device choose Site, which its thing is made of"):
        ran(define)
    with pytest.raises(ValueError, match="the hook reads Sn, which the body does not declare"):
        ran(lambda: define(listed_parameters=["Site"], serial_number_parameter="Sn"))


def test_parameters_of_devices_without_a_hook_are_refused():
    with pytest.raises(ValueError, match="device_parameters would have no effect, because no hook is given"):
        ran(lambda: a_template(fleet_of_sites(), device_parameters=["Site"]))


@pytest.mark.parametrize("name", ["", "a b", "s" * 37])
def test_a_bad_name_is_refused_with_what_is_allowed(name):
    with pytest.raises(ValueError, match="give 1 to 36 letters, digits, _ or -"):
        ran(lambda: a_template(template_name=name))


def test_a_managed_policy_for_a_role_of_ones_own_is_refused():
    def define():
        role = aws.iam.Role("own", assume_role_policy="{}")
        a_template(role=role, use_managed_registration_policy=True)

    with pytest.raises(ValueError, match="is for the role that is created, but role is given"):
        ran(define)


def test_all_problems_of_a_body_are_reported_at_once():
    body = fleet().document
    body["Parameters"]["SerialNumber"]["Type"] = "Number"
    body["Resources"]["policy"]["Properties"] = {}
    with pytest.raises(ValueError, match="Number") as error:
        ran(lambda: ProvisioningTemplate("template", {"body": body}))
    assert "PolicyName" in str(error.value)


def test_a_warning_of_the_rules_is_a_warning_of_the_deployment_unless_it_is_silenced(monkeypatch):
    warned = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, _resource: warned.append(message))
    body = fleet(thing_groups=["sensors"], override_settings={"ThingGroups": "FAIL"})
    silenced = {"DP052": "whoever holds a claim may register any device"}
    ran(lambda: a_template(body, silenced_rules={"DP019": "a device registers once", **silenced}))
    assert not warned
    ran(lambda: a_template(body, silenced_rules=silenced))
    assert ["DP019 /Resources/thing/OverrideSettings/ThingGroups" in message for message in warned] == [True]


def test_what_is_secret_stays_secret():
    program = ran(lambda: a_template(description=pulumi.Output.secret("plant 7")))
    assert template_of(program)["description"] == {"SECRET": "plant 7"}


def test_the_body_reaches_aws_iot_without_blanks():
    texts = []

    def define():
        a_template().resource.template_body.apply(texts.append)

    ran(define)
    assert json.loads(texts[0]) == fleet().document
    assert ": " not in texts[0]


def test_defaults_match_the_snapshot(snapshot):
    assert ran(a_template).own_part(ProvisioningTemplate) == snapshot
    assert ran(a_template, preview=True).asked() == ran(a_template).asked()


def test_everything_set_matches_the_snapshot(snapshot):
    assert ran(with_everything).own_part(ProvisioningTemplate) == snapshot
    assert ran(with_everything, preview=True).asked() == ran(with_everything).asked()
