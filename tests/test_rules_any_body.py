"""Whatever a body is, the rules answer: the documented error is the only one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot import Severity, TemplateType, check
from device_provisioning.cloudformation.stack_reader import read_stack
from tests.support.strategies import broken_bodies, fleet_bodies, json_values

types = st.sampled_from(TemplateType)


@given(fleet_bodies())
def test_a_valid_body_has_no_error(body):
    assert [f for f in check(body, TemplateType.FLEET_PROVISIONING) if f.severity is not Severity.INFO] == []


@given(broken_bodies(), types)
def test_a_broken_body_is_judged_the_same_as_a_document_and_as_text(body, template_type):
    text = json.dumps(body, separators=(",", ":"))
    assert check(body, template_type) == check(text, template_type)


@given(st.text() | json_values.map(json.dumps) | broken_bodies().map(str), types)
def test_any_text_is_judged(text, template_type):
    assert isinstance(check(text, template_type), list)


@given(st.data())
def test_any_stack_is_read_and_judged(data):
    properties = data.draw(
        st.dictionaries(
            st.sampled_from(
                ["TemplateName", "TemplateBody", "ProvisioningRoleArn", "PreProvisioningHook", "Enabled"]
            ),
            json_values
            | broken_bodies()
            | st.just({"Fn::GetAtt": ["Other", "Arn"]})
            | st.just({"Ref": "Template"}),
        )
    )
    other_type = data.draw(
        st.sampled_from(
            ["AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::IoT::Policy", "AWS::IoT::CACertificate"]
        )
    )
    other = data.draw(st.dictionaries(st.sampled_from(OTHER_PROPERTIES), json_values | broken_bodies()))
    contents = read_stack(
        {
            "Resources": {
                "Template": {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties},
                "Other": {"Type": other_type, "Properties": other},
            }
        }
    )
    for found in contents.bodies:
        assert isinstance(check(found.body, found.template_type, context=found.context), list)


OTHER_PROPERTIES = [
    "AssumeRolePolicyDocument",
    "ManagedPolicyArns",
    "Policies",
    "FunctionName",
    "PolicyDocument",
    "RegistrationConfig",
    "ThingGroupName",
]


@pytest.mark.parametrize("depth", [10, 63, 64, 65, 500, 5000, 100_000])
def test_a_body_of_any_depth_is_judged(depth):
    text = '{"Resources":' + '{"a":' * depth + "{}" + "}" * depth + "}"
    assert [f.code for f in check(text, TemplateType.BULK)][-1] in ("DP002", "DP003", "DP102")


@pytest.mark.parametrize("depth", [10, 400, 900, 100_000])
def test_a_policy_document_of_any_depth_is_judged(depth):
    policy = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": "[" * depth + "]" * depth}}
    found = check({"Resources": {"policy": policy}}, TemplateType.FLEET_PROVISIONING)
    assert "DP015" in [finding.code for finding in found]
