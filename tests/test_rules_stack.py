"""Reading CloudFormation templates: what surrounds a body, however it is written."""

import json
from pathlib import Path

import pytest

from device_provisioning.aws_iot import TemplateType, check
from device_provisioning.aws_iot.rules.statements import can_match
from device_provisioning.cloudformation.checks import check_cloudformation_template
from device_provisioning.cloudformation.cloudformation_text import parse_yaml
from device_provisioning.cloudformation.stack_reader import read_stack
from device_provisioning.cloudformation.stack_values import StackValues, token
from tests.support.template_files import FOLDER

HOOK_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:hook"


def a_stack():
    return json.loads((FOLDER / "stack" / "DP053-holds-named-here.json").read_text("utf-8"))


def found(stack):
    (body,) = read_stack(stack).bodies
    findings = check(body.body, body.template_type, context=body.context, silenced=body.silenced)
    return [(finding.code, finding.severity.value) for finding in findings]


def properties(stack, name="Template"):
    return stack["Resources"][name]["Properties"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "AWS::NoValue"}, None),
        ({"Ref": "Template"}, "sensors"),
        ({"Ref": "Parameter"}, token("Parameter")),
        ({"Fn::Join": ["-", ["a", {"Ref": "Template"}]]}, "a-sensors"),
        (
            {"Fn::Sub": "${Template}-${!iot:ClientId}-${AWS::Region}"},
            f"sensors-${{iot:ClientId}}-{token('AWS.Region')}",
        ),
        ({"Fn::Sub": ["${A}${Hook.Arn}", {"A": {"Ref": "Template"}}]}, f"sensors{token('Hook.Arn')}"),
        ({"Fn::ToJsonString": {"a": {"Ref": "Template"}}}, '{"a": "sensors"}'),
        ({"Fn::GetAtt": "Hook.Arn"}, token("Hook.Arn")),
        ([{"Ref": "AWS::NoValue"}, {"a": {"Ref": "AWS::NoValue"}, "b": 1}], [{"b": 1}]),
    ],
)
def test_an_expression_becomes_its_text_or_a_token(expression, value):
    assert StackValues(a_stack()).resolve(expression) == value


def test_equal_expressions_have_equal_tokens_and_others_have_others():
    values = StackValues({})
    first, same, other = ({"Fn::ImportValue": name} for name in ("A", "A", "B"))
    assert values.resolve(first) == values.resolve(same) != values.resolve(other)


def test_names_that_refer_to_each_other_come_to_an_end():
    stack = a_stack()
    properties(stack)["TemplateName"] = {"Ref": "Template"}
    assert StackValues(stack).name("Template") == token("Template")


def test_the_arn_of_a_template_is_known_by_its_name():
    arn = StackValues(a_stack()).resolve({"Fn::GetAtt": ["Template", "TemplateArn"]})
    assert arn.endswith(":provisioningtemplate/sensors")


def test_a_name_that_is_generated_fits_wherever_it_is_referred_to():
    text = json.dumps(a_stack()).replace("provisioningtemplate/sensors", "provisioningtemplate/${Template}")
    stack = json.loads(text.replace("provisioning-templates/sensors", "provisioning-templates/${Template}"))
    del properties(stack)["TemplateName"]
    assert found(stack) == []


def test_a_role_and_a_function_that_are_defined_elsewhere_are_reported_as_not_checked():
    stack = a_stack()
    properties(stack)["ProvisioningRoleArn"] = "arn:aws:iam::111122223333:role/provisioning"
    properties(stack)["PreProvisioningHook"]["TargetArn"] = HOOK_ARN
    del stack["Resources"]["HookPermission"], stack["Resources"]["Template"]["DependsOn"]
    assert found(stack) == [("DP000", "info"), ("DP000", "info")]


@pytest.mark.parametrize(
    ("region", "findings"), [("eu-west-1", []), ("us-east-1", [("DP033", "error")])], ids=["same", "other"]
)
def test_the_permission_of_a_function_by_arn_has_to_be_of_its_region(region, findings):
    stack = a_stack()
    properties(stack)["PreProvisioningHook"]["TargetArn"] = HOOK_ARN
    permission = properties(stack, "HookPermission")
    permission["FunctionName"] = "hook"
    permission["SourceArn"] = f"arn:aws:iot:{region}:111122223333:provisioningtemplate/sensors"
    assert found(stack) == findings


def a_stack_with_an_alias(target, permitted):
    stack = a_stack()
    alias = {"FunctionName": {"Ref": "Hook"}, "FunctionVersion": "1", "Name": "live"}
    stack["Resources"]["Alias"] = {"Type": "AWS::Lambda::Alias", "Properties": alias}
    properties(stack)["PreProvisioningHook"]["TargetArn"] = target
    properties(stack, "HookPermission")["FunctionName"] = permitted
    return stack


HOOK, ALIAS = {"Fn::GetAtt": ["Hook", "Arn"]}, {"Ref": "Alias"}


def test_a_hook_through_an_alias_has_the_timeout_of_its_function():
    stack = a_stack_with_an_alias(ALIAS, ALIAS)
    properties(stack, "Hook")["Timeout"] = 6
    assert found(stack) == [("DP034", "warning")]


@pytest.mark.parametrize(
    ("target", "permitted", "findings"),
    [
        (ALIAS, ALIAS, []),
        (ALIAS, HOOK, [("DP033", "error")]),
        (HOOK, ALIAS, [("DP033", "error")]),
        ({"Fn::Sub": "${Hook.Arn}:live"}, ALIAS, []),
        (ALIAS, {"Fn::Sub": "${Hook}:live"}, []),
        ({"Fn::Sub": "${Hook.Arn}:live"}, HOOK, [("DP033", "error")]),
    ],
)
def test_the_permission_is_on_what_the_hook_invokes(target, permitted, findings):
    assert found(a_stack_with_an_alias(target, permitted)) == findings


def test_the_alias_that_sam_publishes_has_permissions_of_its_own():
    stack = a_stack_with_an_alias({"Ref": "Hook.Alias"}, {"Ref": "HookAliaslive"})
    stack["Resources"]["Hook"]["Type"] = "AWS::Serverless::Function"
    properties(stack, "Hook")["AutoPublishAlias"] = "live"
    assert found(stack) == []
    properties(stack, "HookPermission")["FunctionName"] = {"Ref": "Hook"}
    assert found(stack) == [("DP033", "error")]


def test_a_template_waits_for_what_its_role_waits_for():
    stack = a_stack()
    del stack["Resources"]["Template"]["DependsOn"]
    stack["Resources"]["Role"]["DependsOn"] = "HookPermission"
    assert found(stack) == []


def test_a_condition_with_a_hook_in_one_branch_may_leave_it_behind():
    stack = a_stack()
    hook = properties(stack)["PreProvisioningHook"]
    properties(stack)["PreProvisioningHook"] = {"Fn::If": ["Open", {"Ref": "AWS::NoValue"}, hook]}
    assert found(stack) == [("DP040", "warning")]


@pytest.mark.parametrize("attachment", ["managed", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"])
def test_the_permissions_of_a_role_are_found_wherever_they_are_attached(attachment):
    stack = a_stack()
    document = properties(stack, "Role").pop("Policies")[0]["PolicyDocument"]
    assert {code for code, _ in found(stack)} == {"DP032"}
    kind = "AWS::IAM::ManagedPolicy" if attachment == "managed" else attachment
    settings = {"PolicyDocument": document}
    if attachment == "managed":
        properties(stack, "Role")["ManagedPolicyArns"] = [{"Ref": "Permissions"}]
    elif attachment == "AWS::IAM::RolePolicy":
        settings["RoleName"] = {"Ref": "Role"}
    else:
        settings["Roles"] = [{"Ref": "Role"}]
    stack["Resources"]["Permissions"] = {"Type": kind, "Properties": settings}
    assert found(stack) == []


def test_a_claim_policy_belongs_to_the_templates_that_it_names():
    stack = a_stack()
    second = json.loads(json.dumps(stack["Resources"]["Template"]))
    second["Properties"]["TemplateName"] = "pumps"
    stack["Resources"]["Second"] = second
    assert [len(body.context.claims) for body in read_stack(stack).bodies] == [1, 0]


def test_the_metadata_of_a_resource_silences_a_rule_for_it_alone():
    stack = a_stack()
    del properties(stack)["Enabled"]
    stack["Resources"]["Second"] = json.loads(json.dumps(stack["Resources"]["Template"]))
    silenced = {"DP041": "set by hand"}
    stack["Resources"]["Second"]["Metadata"] = {"device-provisioning": {"silenced": silenced}}
    bodies = read_stack(stack).bodies
    checked = [
        check(body.body, body.template_type, context=body.context, silenced=body.silenced) for body in bodies
    ]
    assert [[finding.code for finding in findings] for findings in checked] == [["DP041"], []]


def test_metadata_that_is_no_object_is_refused():
    stack = a_stack()
    stack["Resources"]["Template"]["Metadata"] = {"device-provisioning": {"silenced": ["DP041"]}}
    with pytest.raises(
        ValueError, match="/Resources/Template/Metadata/device-provisioning/silenced is not an object"
    ):
        read_stack(stack)


def test_a_body_that_is_an_expression_throughout_is_reported_as_not_checked():
    stack = a_stack()
    properties(stack)["TemplateBody"] = {"Ref": "Body"}
    assert found(stack) == [("DP000", "info")]


def test_the_body_inside_a_ca_is_one_of_just_in_time_provisioning():
    stack = json.loads((FOLDER / "stack" / "valid-jitp-body-inside-a-ca.json").read_text("utf-8"))
    (body,) = read_stack(stack).bodies
    assert body.template_type is TemplateType.JITP
    assert body.context.body_path == "/Resources/Authority/Properties/RegistrationConfig/TemplateBody"


def test_short_and_long_form_are_read_alike():
    short = parse_yaml(Path(FOLDER / "stack" / "valid-short-form-functions.yaml").read_text("utf-8"))
    role = short["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]
    assert short["Resources"]["Template"]["Properties"]["ProvisioningRoleArn"] == {
        "Fn::GetAtt": ["Role", "Arn"]
    }
    assert role["Version"] == "2012-10-17"
    assert parse_yaml("a: !If [b, !Ref c, !Sub ['${d}', {d: 1}]]") == {
        "a": {"Fn::If": ["b", {"Ref": "c"}, {"Fn::Sub": ["${d}", {"d": 1}]}]}
    }


@pytest.mark.parametrize(
    ("one", "other", "matches"),
    [
        ("*", "", True),
        ("a*c", "abbc", True),
        ("a*c", "ab", False),
        ("a?c", "abc", True),
        ("a*", "*b", True),
        ("thing/${iot:ClientId}", "thing/x", True),
        ("topic/a", "topic/b", False),
        ("*" * 50 + "a", "b" * 50, False),
    ],
)
def test_two_patterns_match_when_some_text_fits_both(one, other, matches):
    assert can_match(one, other) is can_match(other, one) is matches


def with_policies(stack, **policies):
    """Policies of a claim certificate, in place of the stack's own claim policy."""
    resources = stack["Resources"]
    statements = resources.pop("ClaimPolicy")["Properties"]["PolicyDocument"]["Statement"]
    resources["Claim"] = {"Type": "AWS::IoT::Certificate", "Properties": {"Status": "ACTIVE"}}
    for name, chosen in policies.items():
        document = {"Version": "2012-10-17", "Statement": chosen(statements)}
        resources[name] = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": document}}
        attachment = {"PolicyName": {"Ref": name}, "Principal": {"Fn::GetAtt": ["Claim", "Arn"]}}
        resources[f"{name}Held"] = {"Type": "AWS::IoT::PolicyPrincipalAttachment", "Properties": attachment}
    return stack


def test_the_policies_of_one_certificate_are_one_claim():
    stack = with_policies(a_stack(), First=lambda own: own[:1], Second=lambda own: own[1:])
    assert found(stack) == []
    del stack["Resources"]["SecondHeld"]
    assert {code for code, _ in found(stack)} == {"DP036"}


def test_a_certificate_with_the_devices_policy_alone_is_no_claim():
    stack = with_policies(a_stack())
    attachment = {"PolicyName": {"Ref": "DevicePolicy"}, "Principal": {"Fn::GetAtt": ["Claim", "Arn"]}}
    stack["Resources"]["Held"] = {"Type": "AWS::IoT::PolicyPrincipalAttachment", "Properties": attachment}
    assert read_stack(stack).bodies[0].context.claims == []


def test_every_branch_of_a_condition_is_checked_and_reported_at_its_own_place():
    stack = a_stack()
    body = properties(stack)["TemplateBody"]
    broken = body.replace('"Type":"AWS::IoT::Thing"', '"Type":"AWS::IoT::Device"')
    inner = {"Fn::If": ["Second", body, broken]}
    properties(stack)["TemplateBody"] = {"Fn::If": ["First", inner, body]}
    place = "/Resources/Template/Properties/TemplateBody/Fn::If/1/Fn::If/2"
    paths = {f.path for f in check_cloudformation_template(stack) if f.code == "DP102"}
    assert paths == {f"{place}/Resources/thing/Type"}


def test_a_loop_is_checked_once_for_each_of_its_values():
    stack = a_stack()
    template = stack["Resources"].pop("Template")
    template["Properties"] |= {"TemplateName": "${Name}", "Description": "\n"}
    stack["Resources"]["Fn::ForEach::All"] = ["Name", ["sensors", "a b"], {"Template${Name}": template}]
    findings = check_cloudformation_template(stack)
    names = [f.message for f in findings if f.code == "DP001"]
    assert names == ["template name 'a b' has characters other than 0-9A-Za-z_-"]
    assert {f.path for f in findings if f.code == "DP048"} == {
        "/Resources/Fn::ForEach::All/2/Template${Name}/Properties/Description"
    }


@pytest.mark.parametrize("section", ["Properties", "Type", "DependsOn", "Metadata"])
@pytest.mark.parametrize("value", [None, 1, "x", ["x"], {"x": "y"}, {"Ref": ["x"]}, {"Fn::Sub": 1}])
def test_whatever_stands_in_a_resource_the_rules_answer(section, value):
    for name in a_stack()["Resources"]:
        stack = a_stack()
        stack["Resources"][name][section] = value
        assert isinstance(check_cloudformation_template(stack), list)
