"""The provisioning template on AWS CDK."""

import json

import pytest
from aws_cdk import App, Aws, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match, Template

from device_provisioning.aws_iot import (
    Certificate,
    FleetTemplate,
    JitpTemplate,
    Parameter,
    Policy,
    TemplateType,
    Thing,
    join,
    ref,
    sub,
)
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.cdk import DeviceAllowList, PreProvisioningHook, ProvisioningTemplate
from tests.support.synthesis import a_stack, only, own_part, properties, roles_of, synthesised

TEMPLATE = "AWS::IoT::ProvisioningTemplate"
DECLARED = "Custom::DeclaredProvisioningTemplate"
ARN = "arn:aws:iot:eu-west-1:111122223333"


def fleet(**thing):
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(thing_name=join("-", ["sensor", ref("SerialNumber")]), **thing),
        certificate=Certificate(),
        policies=[Policy(policy_name="sensor-runtime")],
    )


def fleet_of_sites():
    return fleet_body(policy_name="sensor", thing_name_prefix="sensor-", thing_groups=[ref("Site")])


def jitp():
    common_name = "AWS::IoT::Certificate::CommonName"
    return JitpTemplate(
        parameters={common_name: Parameter()},
        thing=Thing(thing_name=ref(common_name)),
        certificate=Certificate(),
        policies=[Policy(policy_name="sensor-runtime")],
    )


def an_allow_list_hook(stack):
    return PreProvisioningHook(stack, "Hook", device_allow_list=DeviceAllowList(stack, "Devices"))


def with_everything(stack):
    ProvisioningTemplate(
        stack,
        "Template",
        body=fleet(thing_groups=["sensors"]),
        template_name="sensors",
        hook=an_allow_list_hook(stack),
        description="Sensors of plant 7",
        enabled=False,
        tags={"site": "plant7"},
        use_managed_registration_policy=True,
    )


def test_a_template_is_enabled_and_says_its_type():
    template = synthesised(lambda stack: ProvisioningTemplate(stack, "Template", body=fleet()))
    assert properties(template, TEMPLATE)["Enabled"] is True
    assert properties(template, TEMPLATE)["TemplateType"] == "FLEET_PROVISIONING"


def test_the_deployed_body_is_the_given_body_in_minified_json():
    template = synthesised(lambda stack: ProvisioningTemplate(stack, "Template", body=fleet()))
    text = properties(template, TEMPLATE)["TemplateBody"]
    assert json.loads(text) == fleet().document
    assert ": " not in text


def test_a_body_with_a_token_is_deployed_with_the_token_resolved():
    def define(stack):
        thing_type = Token.as_string({"Ref": "SensorType"})
        ProvisioningTemplate(stack, "Template", body=fleet(thing_type_name=thing_type))

    body = properties(synthesised(define), TEMPLATE)["TemplateBody"]
    assert {"Ref": "SensorType"} in body["Fn::Join"][1]


def test_a_disabled_template_is_sent_as_disabled():
    assert properties(synthesised(with_everything), TEMPLATE)["Enabled"] is False


def test_only_this_template_can_use_the_role():
    (role,) = roles_of(synthesised(with_everything_but_hook), "iot.amazonaws.com")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": f"{ARN}:provisioningtemplate/sensors"},
    }


def with_everything_but_hook(stack):
    ProvisioningTemplate(stack, "Template", body=fleet(), template_name="sensors")


def test_the_role_can_touch_only_what_the_body_names():
    (role,) = roles_of(synthesised(with_everything_but_hook), "iot.amazonaws.com")
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert statements["Things"]["Resource"] == f"{ARN}:thing/sensor-*"
    assert statements["Policies"]["Resource"] == f"{ARN}:policy/sensor-runtime"
    assert "ManagedPolicyArns" not in role


def test_the_managed_policy_is_attached_when_it_is_asked_for():
    template = synthesised(with_everything)
    template.has_resource_properties(
        "AWS::IAM::Role", {"ManagedPolicyArns": [Match.object_like({"Fn::Join": Match.any_value()})]}
    )


def test_a_role_of_ones_own_is_used_and_none_is_created():
    arn = "arn:aws:iam::111122223333:role/provisioning"

    def define(stack):
        role = iam.Role.from_role_arn(stack, "Role", arn)
        ProvisioningTemplate(stack, "Template", body=fleet(), role=role)

    template = synthesised(define)
    assert properties(template, TEMPLATE)["ProvisioningRoleArn"] == arn
    assert roles_of(template, "iot.amazonaws.com") == []


def test_the_template_waits_for_the_policy_of_a_role_of_ones_own():
    def define(stack):
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("iot.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["iot:RegisterThing"], resources=["*"]))
        ProvisioningTemplate(stack, "Template", body=fleet(), role=role)

    assert any(
        name.startswith("RoleDefaultPolicy") for name in only(synthesised(define), TEMPLATE)["DependsOn"]
    )


def test_the_hook_may_be_invoked_for_exactly_this_template_before_it_is_created():
    template = synthesised(with_everything)
    permission = properties(template, "AWS::Lambda::Permission")
    assert permission["Principal"] == "iot.amazonaws.com"
    assert permission["SourceAccount"] == "111122223333"
    assert permission["SourceArn"] == f"{ARN}:provisioningtemplate/sensors"
    (name,) = template.find_resources("AWS::Lambda::Permission")
    assert name in only(template, TEMPLATE)["DependsOn"]


def test_the_hook_is_called_with_the_published_payload_version():
    hook = properties(synthesised(with_everything), TEMPLATE)["PreProvisioningHook"]
    assert hook["PayloadVersion"] == "2020-04-01"


def test_the_declared_body_and_hook_are_seen_to_after_the_template():
    template = synthesised(with_everything)
    declared, resource = properties(template, DECLARED), properties(template, TEMPLATE)
    (logical_id,) = template.find_resources(TEMPLATE)
    assert declared["TemplateName"] == {"Ref": logical_id}
    assert declared["TemplateBody"] == resource["TemplateBody"]
    assert declared["PreProvisioningHook"] == resource["PreProvisioningHook"]


def test_without_a_hook_none_is_declared():
    declared = properties(synthesised(with_everything_but_hook), DECLARED)
    assert "PreProvisioningHook" not in declared


def test_a_generated_name_fits_and_stays_the_same():
    def name_of():
        stack = a_stack("AStackWithAVeryLongNameThatGoesOnAndOn")
        return ProvisioningTemplate(stack, "ATemplateWithALongName", body=fleet()).template_name

    assert name_of() == name_of()
    assert len(name_of()) <= 36
    assert not Token.is_unresolved(name_of())


def test_a_generated_name_changes_with_the_type_that_cannot_change_in_place():
    def name_of(body):
        return ProvisioningTemplate(a_stack(), "Template", body=body).template_name

    assert name_of(jitp()) != name_of(fleet())


def test_the_role_trust_and_the_name_of_a_stack_without_an_environment_agree():
    stack = Stack(App(), "Stack")
    template = ProvisioningTemplate(stack, "Template", body=fleet())
    (role,) = roles_of(Template.from_stack(stack), "iot.amazonaws.com")
    arn = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"]
    assert arn["Fn::Join"][1][-1].endswith(f":provisioningtemplate/{template.template_name}")


def test_the_partition_is_the_one_that_is_deployed_to():
    template = synthesised(with_everything_but_hook)
    roles = template.find_resources(
        "AWS::IAM::Role", {"Properties": {"Description": Match.string_like_regexp("AWS IoT")}}
    )
    (role,) = roles.values()
    condition = role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert {"Ref": "AWS::Partition"} in condition["ArnLike"]["aws:SourceArn"]["Fn::Join"][1]


def test_a_jitp_template_with_a_hook_is_refused():
    stack = a_stack()
    with pytest.raises(ValueError, match="a template of type JITP has a pre-provisioning hook"):
        ProvisioningTemplate(stack, "Template", body=jitp(), hook=an_allow_list_hook(stack))


def test_a_type_that_is_not_the_bodys_is_refused():
    with pytest.raises(ValueError, match="template_type is JITP but the body is a FleetTemplate"):
        ProvisioningTemplate(a_stack(), "Template", body=fleet(), template_type=TemplateType.JITP)


@pytest.mark.parametrize("name", ["", "a b", "s" * 37])
def test_a_bad_name_is_refused_with_what_is_allowed(name):
    with pytest.raises(ValueError, match="give 1 to 36 letters, digits, _ or -"):
        ProvisioningTemplate(a_stack(), "Template", body=fleet(), template_name=name)


def test_a_body_that_is_too_long_is_refused_with_its_length():
    long = {f"a{number}": "x" * 700 for number in range(16)}
    with pytest.raises(ValueError, match="10240"):
        ProvisioningTemplate(
            a_stack(), "Template", body=fleet(thing_type_name="sensor", attribute_payload=long)
        )


def test_all_problems_of_a_body_are_reported_at_once():
    body = FleetTemplate.from_json(
        json.dumps(
            {
                "Parameters": {"SerialNumber": {"Type": "Number"}},
                "Resources": {
                    "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "Missing"}}},
                    "policy": {"Type": "AWS::IoT::Policy", "Properties": {}},
                },
            }
        )
    )
    with pytest.raises(ValueError, match="Number") as error:
        ProvisioningTemplate(a_stack(), "Template", body=body)
    assert "Missing" in str(error.value)
    assert "PolicyName" in str(error.value)


def test_a_warning_of_the_rules_becomes_an_annotation_unless_it_is_silenced():
    def warnings(**silenced):
        stack = a_stack()
        body = fleet(thing_groups=["sensors"], override_settings={"ThingGroups": "FAIL"})
        rules = {"DP052": "whoever holds a claim may register any device", **silenced}
        ProvisioningTemplate(stack, "Template", body=body, silenced_rules=rules)
        return Annotations.from_stack(stack).find_warning("*", Match.any_value())

    (warning,) = warnings()
    assert "DP019 /Resources/thing/OverrideSettings/ThingGroups" in str(warning.entry.data)
    assert not warnings(DP019="a device registers once")


def test_a_template_without_a_hook_is_a_warning():
    stack = a_stack()
    ProvisioningTemplate(stack, "Template", body=fleet())
    (warning,) = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert "DP052 /: the template has no pre-provisioning hook" in str(warning.entry.data)


def test_a_token_inside_a_substitution_is_left_to_the_engine():
    stack = a_stack()
    named = Thing(thing_name=sub(f"{Aws.STACK_NAME}-${{SerialNumber}}"))
    body = FleetTemplate(parameters={"SerialNumber": Parameter()}, thing=named)
    ProvisioningTemplate(stack, "Template", body=body)
    policies = json.dumps(Template.from_stack(stack).find_resources("AWS::IAM::Role"))
    assert ':thing/", {"Ref": "AWS::StackName"}, "-*' in policies, "only names that begin as the body says"


@pytest.mark.parametrize("by", ["name", "arn"])
def test_an_imported_template_can_be_granted_and_watched(by):
    stack = a_stack()
    if by == "name":
        template = ProvisioningTemplate.from_template_name(stack, "Template", "sensors")
    else:
        arn = f"{ARN}:provisioningtemplate/sensors"
        template = ProvisioningTemplate.from_template_arn(stack, "Template", arn)
    role = iam.Role(stack, "App", assumed_by=iam.AccountRootPrincipal())
    template.grant_create_claim(role)
    template.grant_describe(role)
    statements = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert {s["Resource"] for s in statements} == {f"{ARN}:provisioningtemplate/sensors"}
    assert statements[0]["Action"] == "iot:CreateProvisioningClaim"
    assert template.template_name == "sensors"


def test_metrics_are_those_that_aws_iot_emits():
    template = ProvisioningTemplate(a_stack(), "Template", body=fleet(), template_name="sensors")
    failed = template.metric_register_thing_failed()
    assert (failed.namespace, failed.metric_name) == ("AWS/IoT", "RegisterThingFailed")
    assert failed.dimensions == {"TemplateName": "sensors"}
    registered = template.metric_things_registered("c" * 64, statistic="Average")
    assert registered.dimensions == {"ClaimCertificateId": "c" * 64}
    assert registered.statistic == "Average"
    # AWS IoT counts them up: a sum would count each of them again and again.
    assert template.metric_things_registered("c" * 64).statistic == "Maximum"
    assert (
        template.metric_create_keys_and_certificate_failed().metric_name == "CreateKeysAndCertificateFailed"
    )
    assert (
        template.metric_create_certificate_from_csr_failed().metric_name == "CreateCertificateFromCsrFailed"
    )


def test_a_function_of_ones_own_is_a_hook_too():
    def define(stack):
        function = lambda_.Function.from_function_arn(
            stack, "Function", "arn:aws:lambda:eu-west-1:111122223333:function:decide"
        )
        hook = PreProvisioningHook(stack, "Hook", function=function)
        ProvisioningTemplate(stack, "Template", body=fleet(), hook=hook)

    hook = properties(synthesised(define), TEMPLATE)["PreProvisioningHook"]
    assert hook["TargetArn"] == "arn:aws:lambda:eu-west-1:111122223333:function:decide"


def test_a_hook_that_lets_devices_choose_what_their_things_are_made_of_is_refused_unless_they_may():
    def define(body, *, device_parameters=(), **of_hook):
        stack = a_stack()
        hook = PreProvisioningHook(
            stack, "Hook", device_allow_list=DeviceAllowList(stack, "Devices"), **of_hook
        )
        ProvisioningTemplate(stack, "Template", body=body, hook=hook, device_parameters=device_parameters)

    body = fleet_of_sites()
    define(body, listed_parameters=["Site"])
    define(body, device_parameters=["Site"])
    with pytest.raises(ValueError, match="the hook lets a device choose Site, which its thing is made of"):
        define(body)
    with pytest.raises(ValueError, match="the hook reads Sn, which the body does not declare"):
        define(body, listed_parameters=["Site"], serial_number_parameter="Sn")


def test_parameters_of_devices_without_a_hook_are_refused():
    with pytest.raises(ValueError, match="device_parameters would have no effect, because no hook is given"):
        ProvisioningTemplate(a_stack(), "Template", body=fleet_of_sites(), device_parameters=["Site"])


def test_defaults_match_the_snapshot(snapshot):
    assert (
        own_part(lambda s: ProvisioningTemplate(s, "Template", body=fleet()), ProvisioningTemplate)
        == snapshot
    )


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, ProvisioningTemplate) == snapshot
