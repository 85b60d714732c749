"""An existing provisioning role is checked on Pulumi by what is known of it."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.pulumi import ProvisioningTemplate
from tests.support.existing_roles import ACTIONS, ARN, BODY, SOURCE
from tests.support.needing_engine import needs_engine
from tests.support.pulumi_program import ran
from workshop.pulumi_engine import FLEET, stack_of

MANAGED = "arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration"


def trust(service="iot.amazonaws.com", condition=SOURCE):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    conditions = {"Condition": condition} if condition else {}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **conditions}]})


def allowing(*actions):
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": [f"{ARN}:{on}" for on in ACTIONS[action]]}
        for action in actions
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def a_template(assume_role_policy=None, actions=tuple(ACTIONS), managed=None, **settings):
    inline = [{"name": "own", "policy": allowing(*actions)}] if actions else None
    role = aws.iam.Role(
        "own",
        assume_role_policy=trust() if assume_role_policy is None else assume_role_policy,
        inline_policies=inline,
        managed_policy_arns=managed,
    )
    settings = {"template_name": "sensors", "role": role, **settings}
    ProvisioningTemplate("template", {"body": BODY.document, **settings})


@pytest.fixture
def said(monkeypatch):
    """What is told of the role, by its severity; a deployment that says nothing leaves it empty."""
    reported = []

    def tell(kind, text):
        if "DP052" not in text:  # no template here has a hook
            reported.append((kind, text))

    for severity in ("info", "warn"):
        monkeypatch.setattr(pulumi.log, severity, lambda text, *_, kind=severity: tell(kind, text))
    return reported


def test_a_role_that_fits_is_not_mentioned(said):
    program = ran(a_template)
    assert said == []
    inputs = program.named("template-template")["inputs"]
    assert inputs["provisioning_role_arn"] == "arn:aws:iam::111122223333:role/own"


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_a_role_that_aws_iot_cannot_assume_stops_the_deployment_already_in_the_preview(preview):
    with pytest.raises(ValueError, match="the role does not trust iot"):
        ran(lambda: a_template(trust(service="lambda.amazonaws.com")), preview=preview)


def test_a_role_for_another_template_stops_the_deployment():
    other = {"ArnLike": {"aws:SourceArn": f"{ARN}:provisioningtemplate/pumps"}}
    with pytest.raises(ValueError, match="the trust is for provisioningtemplate/pumps"):
        ran(lambda: a_template(trust(condition=other)))


def test_a_trust_that_is_known_later_is_judged_when_it_is_known():
    def define():
        made = aws.iot.Policy("later", policy="{}")
        a_template(made.arn.apply(lambda _: trust(service="lambda.amazonaws.com")))

    ran(define, preview=True)
    with pytest.raises(ValueError, match="the role does not trust iot"):
        ran(define)


def test_a_trust_without_a_source_is_a_warning(said):
    ran(lambda: a_template(trust(condition=None)))
    ((kind, text),) = said
    assert kind == "warn"
    assert "the trust has neither aws:SourceArn nor aws:SourceAccount" in text


@pytest.mark.parametrize("missing", ACTIONS)
def test_an_action_that_the_inline_policies_lack_is_a_warning(said, missing):
    ran(lambda: a_template(actions=[action for action in ACTIONS if action != missing]))
    ((kind, text),) = said
    assert kind == "warn"
    assert f"the role does not allow {missing}" in text


def test_a_role_with_the_managed_policy_of_aws_is_allowed_everything_which_is_a_warning(said):
    ran(lambda: a_template(actions=["iot:CreateThing"], managed=[MANAGED]))
    ((kind, text),) = said
    assert kind == "warn"
    assert "DP054" in text


def test_policies_that_other_resources_attach_are_reported_as_not_checked(said):
    ran(lambda: a_template(actions=()))
    ((kind, text),) = said
    assert kind == "info"
    assert "it was not checked whether the role allows what the body needs" in text


def test_a_rule_about_a_role_can_be_silenced_with_a_reason(said):
    silenced = {"DP032": "another team attaches the policy"}
    ran(lambda: a_template(actions=["iot:CreateThing"], silenced_rules=silenced))
    assert said == []


@needs_engine
def test_the_engine_tells_of_the_trust_in_the_preview_already(emulator, tmp_path):
    def program():
        role = aws.iam.Role("own", assume_role_policy=trust(condition=None))
        settings = {"template_name": "never", "role": role}
        ProvisioningTemplate("template", {"body": BODY.document, **settings})

    lines = []
    stack_of(FLEET, emulator, tmp_path, program=program).preview(on_output=lines.append)
    assert "the trust has neither aws:SourceArn nor aws:SourceAccount" in "\n".join(lines)
