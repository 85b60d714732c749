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

FLEET = TemplateType.FLEET_PROVISIONING
KIND = {"Ref": "Kind"}


def a_body(policy_name):
    return {
        "Parameters": {
            name: {"Type": "String"} for name in ("SerialNumber", "Kind", "AWS::IoT::Certificate::Id")
        },
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": {"Fn::Sub": "pump-${SerialNumber}"}},
            },
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"},
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": policy_name}},
        },
    }


def chosen(policy_name, hook=None, template_type=FLEET):
    findings = check(a_body(policy_name), template_type, context=Context(hook=hook))
    return [finding.message for finding in findings if finding.code == "DP060"]


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


@pytest.mark.parametrize(("device_parameters", "expected"), [((), []), (("Kind",), ["DP060"])])
def test_a_fleet_is_warned_of_what_its_devices_may_choose_and_not_of_what_its_list_gives(
    device_parameters, expected
):
    stack = a_stack()
    body = FleetTemplate(
        parameters={"SerialNumber": Parameter(), "Kind": Parameter()},
        thing=Thing(thing_name=sub("pump-${SerialNumber}")),
        policies=[Policy(policy_name=ref("Kind"))],
    )
    FleetProvisioning(stack, "Pumps", body=body, device_parameters=device_parameters)
    warnings = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert ["DP060" for warning in warnings if "DP060" in str(warning.entry.data)] == expected
    document = Template.from_stack(stack).to_json()
    findings = check_cloudformation_template(document)
    assert [finding.code for finding in findings if finding.code == "DP060"] == expected
