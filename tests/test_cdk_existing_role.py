"""An existing provisioning role is checked by the rules when everything that it allows is known."""

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from device_provisioning.cdk import ProvisioningTemplate, TokenExchange
from tests.support.existing_roles import ACTIONS, ARN, BODY, SOURCE
from tests.support.synthesis import IRELAND


def allowing(*actions):
    return [
        iam.PolicyStatement(actions=[action], resources=[f"{ARN}:{on}" for on in ACTIONS[action]])
        for action in actions
    ]


def a_stack():
    return Stack(App(), "Stack", env=IRELAND)


def a_role(stack, service="iot.amazonaws.com", conditions=SOURCE, actions=tuple(ACTIONS)):
    document = iam.PolicyDocument(statements=allowing(*actions))
    principal = iam.ServicePrincipal(service, conditions=conditions)
    return iam.Role(
        stack, "Own", assumed_by=principal, inline_policies={"Own": document} if actions else None
    )


def a_template(stack, role, **settings):
    return ProvisioningTemplate(stack, "Template", body=BODY, template_name="sensors", role=role, **settings)


def warnings(stack):
    Template.from_stack(stack)
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    said = [str(entry.entry.data) for entry in found]
    return [text for text in said if "DP052" not in text]  # no template here has a hook


def test_a_role_that_fits_is_not_mentioned():
    stack = a_stack()
    a_template(stack, a_role(stack))
    assert warnings(stack) == []


def test_a_role_that_aws_iot_cannot_assume_stops_synthesis():
    stack = a_stack()
    a_template(stack, a_role(stack, service="lambda.amazonaws.com"))
    with pytest.raises(RuntimeError, match="the role does not trust iot"):
        Template.from_stack(stack)


def test_a_role_that_another_construct_made_is_checked_too():
    stack = a_stack()
    a_template(stack, TokenExchange(stack, "Exchange").role)
    with pytest.raises(RuntimeError, match="the role does not trust iot"):
        Template.from_stack(stack)


def test_a_role_for_another_template_stops_synthesis():
    stack = a_stack()
    other = {"ArnLike": {"aws:SourceArn": f"{ARN}:provisioningtemplate/pumps"}}
    a_template(stack, a_role(stack, conditions=other))
    with pytest.raises(RuntimeError, match="the trust is for provisioningtemplate/pumps"):
        Template.from_stack(stack)


def test_a_trust_without_a_source_is_a_warning():
    stack = a_stack()
    a_template(stack, a_role(stack, conditions=None))
    (warning,) = warnings(stack)
    assert "DP030" in warning
    assert "the trust has neither aws:SourceArn nor aws:SourceAccount" in warning


@pytest.mark.parametrize("missing", ACTIONS)
def test_an_action_that_a_role_lacks_is_a_warning(missing):
    stack = a_stack()
    a_template(stack, a_role(stack, actions=[action for action in ACTIONS if action != missing]))
    (warning,) = warnings(stack)
    assert "DP032" in warning
    assert f"the role does not allow {missing}" in warning


@pytest.mark.parametrize("way", ["added", "attached", "managed here"])
def test_what_a_role_gets_after_the_template_counts(way):
    stack = a_stack()
    role = a_role(stack, actions=())
    a_template(stack, role)
    if way == "added":
        for statement in allowing(*ACTIONS):
            role.add_to_policy(statement)
    elif way == "attached":
        iam.Policy(stack, "Policy", statements=allowing(*ACTIONS)).attach_to_role(role)
    else:
        iam.ManagedPolicy(stack, "Managed", statements=allowing(*ACTIONS), roles=[role])
    assert warnings(stack) == []


def test_a_role_with_the_managed_policy_of_aws_is_allowed_everything_which_is_a_warning():
    stack = a_stack()
    role = a_role(stack, actions=())
    managed = "service-role/AWSIoTThingsRegistration"
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(managed))
    a_template(stack, role)
    (warning,) = warnings(stack)
    assert "DP054" in warning


def test_a_rule_about_a_role_can_be_silenced_with_a_reason():
    stack = a_stack()
    a_template(stack, a_role(stack, actions=()), silenced_rules={"DP032": "another team attaches the policy"})
    assert warnings(stack) == []


def test_a_role_that_is_defined_elsewhere_is_reported_as_not_checked():
    stack = a_stack()
    a_template(stack, iam.Role.from_role_arn(stack, "Own", "arn:aws:iam::111122223333:role/own"))
    assert warnings(stack) == []
    Annotations.from_stack(stack).has_info(
        "/Stack/Template", "the role is not defined here, so it was not checked"
    )
