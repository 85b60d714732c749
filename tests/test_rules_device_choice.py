"""What a device must not choose: the rules about values that it sends."""

import pytest
from aws_cdk.assertions import Annotations, Match, Template

from device_provisioning.aws_iot import (
    Context,
    FleetTemplate,
    Hook,
    Parameter,
    Policy,
    TemplateType,
    Thing,
    check,
    ref,
    sub,
)
from device_provisioning.cdk import FleetProvisioning
from device_provisioning.cloudformation.checks import check_cloudformation_template
from tests.support.synthesis import a_stack

CODES = {"DP060", "DP061", "DP062"}
FLEET = TemplateType.FLEET_PROVISIONING
KIND = {"Ref": "Kind"}
OWN_NAME = {"Fn::Sub": "pump-${SerialNumber}"}
BY_SERIAL_NUMBER = {"serial_number_parameter": "SerialNumber"}


def a_body(policy_name="pump", thing_name=OWN_NAME, groups=()):
    return {
        "Parameters": {
            name: {"Type": "String"} for name in ("SerialNumber", "Kind", "AWS::IoT::Certificate::Id")
        },
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": thing_name, "ThingGroups": ["pumps", *groups]},
            },
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"},
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy_name}},
        },
    }


def chosen(policy_name, hook=None, template_type=FLEET):
    return messages("DP060", a_body(policy_name), hook, template_type)


def messages(code, body, hook=None, template_type=FLEET):
    findings = check(body, template_type, context=Context(hook=hook))
    return [finding.message for finding in findings if finding.code == code]


@pytest.mark.parametrize(
    "policy_name",
    [
        KIND,
        {"Fn::Sub": "pump-${Kind}"},
        {"Fn::FindInMap": ["Policies", KIND, "Name"]},
        {"Fn::Select": ["0", {"Fn::Split": ["-", KIND]}]},
    ],
)
def test_a_policy_that_a_device_names_is_reported_however_it_is_written(policy_name):
    assert chosen(policy_name) == ["the policy is named by the parameter Kind, which a device sends"]


def test_a_policy_that_the_list_names_is_not_reported():
    assert chosen(KIND, Hook(listed_parameters=["Kind"])) == []
    assert chosen(KIND, Hook(listed_parameters=["Site"])) != []


def test_what_a_hook_of_your_own_overrides_is_not_known():
    assert chosen(KIND, Hook()) == []


@pytest.mark.parametrize("policy_name", ["pump", "${Token[Policy.1]}", {"Fn::Sub": "${Token[Policy.1]}"}])
def test_a_policy_that_the_body_names_is_not_reported(policy_name):
    assert chosen(policy_name) == []


def test_a_certificate_authority_vouches_for_what_a_certificate_says():
    assert chosen({"Ref": "AWS::IoT::Certificate::CommonName"}, template_type=TemplateType.JITP) == []
    assert chosen(KIND, template_type=TemplateType.JITP) == []


@pytest.mark.parametrize("group", [KIND, {"Fn::Sub": "line-${Kind}"}, {"Fn::Join": ["-", ["line", KIND]]}])
def test_a_group_that_a_device_names_is_reported_however_it_is_written(group):
    hook = Hook(**BY_SERIAL_NUMBER, listed_parameters=["Site"])
    expected = ["the group is named by the parameter Kind, which a device sends"]
    assert messages("DP061", a_body(groups=[group]), hook) == expected


@pytest.mark.parametrize(
    ("group", "hook"),
    [
        (KIND, Hook(**BY_SERIAL_NUMBER, listed_parameters=["Kind"])),
        (KIND, Hook()),
        (KIND, None),
        (OWN_NAME, Hook(**BY_SERIAL_NUMBER, listed_parameters=[])),
        (OWN_NAME, Hook(listed_parameters=[])),
        (KIND, Hook(serial_number_parameter="${Token[Parameter.1]}", listed_parameters=[])),
        ("line-7", None),
    ],
    ids=[
        "listed",
        "own hook",
        "no hook",
        "serial number",
        "unknown serial number",
        "known on deployment",
        "fixed",
    ],
)
def test_a_group_that_no_device_names_freely_is_not_reported(group, hook):
    assert messages("DP061", a_body(groups=[group]), hook) == []


@pytest.mark.parametrize("name", [KIND, {"Fn::Sub": "${Kind}-${SerialNumber}"}])
def test_a_name_that_a_device_chooses_beside_its_serial_number_is_reported(name):
    hook = Hook(**BY_SERIAL_NUMBER, listed_parameters=["Site"])
    expected = ["the thing is named by the parameter Kind, which a device sends"]
    assert messages("DP062", a_body(thing_name=name), hook) == expected


@pytest.mark.parametrize(
    ("name", "hook"),
    [
        (OWN_NAME, Hook(**BY_SERIAL_NUMBER, listed_parameters=[])),
        (KIND, Hook(**BY_SERIAL_NUMBER, listed_parameters=["Kind"])),
        (KIND, Hook(serial_number_parameter="Kind", listed_parameters=[])),
        (KIND, Hook()),
        (KIND, None),
    ],
    ids=["serial number", "listed", "serial number of another name", "own hook", "no hook"],
)
def test_a_name_that_no_device_chooses_or_that_another_rule_tells_is_not_reported(name, hook):
    assert messages("DP062", a_body(thing_name=name), hook) == []


@pytest.mark.parametrize(("device_parameters", "expected"), [((), set()), (("Kind",), CODES)])
def test_a_fleet_is_warned_of_what_its_devices_may_choose_and_not_of_what_its_list_gives(
    device_parameters, expected
):
    stack = a_stack()
    body = FleetTemplate(
        parameters={"SerialNumber": Parameter(), "Kind": Parameter()},
        thing=Thing(thing_name=sub("${Kind}-${SerialNumber}"), thing_groups=[ref("Kind")]),
        policies=[Policy(policy_name=ref("Kind"))],
    )
    FleetProvisioning(stack, "Pumps", body=body, device_parameters=device_parameters)
    warnings = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert {code for code in CODES for warning in warnings if code in str(warning.entry.data)} == expected
    document = Template.from_stack(stack).to_json()
    findings = check_cloudformation_template(document)
    assert CODES & {finding.code for finding in findings} == expected
