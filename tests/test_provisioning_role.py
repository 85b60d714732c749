"""The role that AWS IoT applies a template with."""

import pytest

from device_provisioning.aws_iot.bulk_role import bulk_role_trust
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy, provisioning_role_trust
from device_provisioning.aws_iot.registration_role import registration_policy

IRELAND = Environment("111122223333", "eu-west-1")


def thing(overrides=None, **properties):
    return {
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": {"Fn::Join": ["-", ["sensor", {"Ref": "S"}]]}, **properties},
                "OverrideSettings": overrides or {},
            }
        }
    }


def statements(document, action):
    """The statements that are about an action."""
    return [s for s in document["Statement"] if action in (s["Action"], *s["Action"])]


def granted(document):
    """Every pair of action and resource that the document allows."""
    pairs = set()
    for statement in document["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        actions = [actions] if isinstance(actions, str) else actions
        resources = [resources] if isinstance(resources, str) else resources
        pairs |= {(action, resource) for action in actions for resource in resources}
    return pairs


@pytest.mark.parametrize(
    ("environment", "arn"),
    [
        (IRELAND, "arn:aws:iot:eu-west-1:111122223333:provisioningtemplate/sensors"),
        (
            Environment("111122223333", "cn-north-1", "aws-cn"),
            "arn:aws-cn:iot:cn-north-1:111122223333:provisioningtemplate/sensors",
        ),
        (
            Environment("111122223333", "us-gov-west-1", "aws-us-gov"),
            "arn:aws-us-gov:iot:us-gov-west-1:111122223333:provisioningtemplate/sensors",
        ),
    ],
)
def test_only_aws_iot_for_exactly_this_template_may_assume_the_role(environment, arn):
    (statement,) = provisioning_role_trust("sensors", environment)["Statement"]
    assert statement["Principal"] == {"Service": "iot.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": arn},
    }


def test_things_outside_the_prefix_cannot_be_touched():
    resources = {r for a, r in granted(provisioning_role_policy(thing(), IRELAND)) if a == "iot:CreateThing"}
    assert resources == {"arn:aws:iot:eu-west-1:111122223333:thing/sensor-*"}


def test_only_actions_without_resource_level_control_are_allowed_on_everything():
    document = provisioning_role_policy(thing(ThingGroups=["a"], BillingGroup="b"), IRELAND)
    assert {action for action, resource in granted(document) if resource == "*"} == {
        "iot:AttachThingPrincipal",
        "iot:ListAttachedPolicies",
        "iot:ListPrincipalPolicies",
        "iot:ListPrincipalThings",
        "iot:ListThingPrincipals",
        "iot:RegisterThing",
    }


def test_certificates_are_attached_to_things_with_the_prefix_only_wherever_aws_iot_tells_the_thing():
    (statement,) = statements(provisioning_role_policy(thing(), IRELAND), "iot:AttachThingPrincipal")
    assert statement["Resource"] == "*"
    assert statement["Condition"] == {"ArnLikeIfExists": {"iot:thingArn": IRELAND.iot_arn("thing/sensor-*")}}


def test_a_just_in_time_registration_attaches_and_detaches_things_with_the_prefix_only():
    document = registration_policy(
        IRELAND,
        thing_name_prefix="pump-",
        table_arn="table",
        table_key_arn=None,
        dead_letter_queue_arn="queue",
        log_group_name="log",
    )
    condition = {"ArnLikeIfExists": {"iot:thingArn": IRELAND.iot_arn("thing/pump-*")}}
    for action in ("iot:AttachThingPrincipal", "iot:DetachThingPrincipal"):
        (statement,) = statements(document, action)
        assert (statement["Resource"], statement["Condition"]) == ("*", condition)


def test_either_way_to_attach_a_policy_is_allowed_on_certificates():
    found = granted(provisioning_role_policy(thing(), IRELAND))
    ways = {pair for pair in found if pair[0] in ("iot:AttachPolicy", "iot:AttachPrincipalPolicy")}
    assert {resource for _, resource in ways} == {IRELAND.iot_arn("cert/*")}
    assert len(ways) == 2


def test_a_bulk_role_is_used_by_this_account_where_aws_iot_tells_which():
    (statement,) = bulk_role_trust(IRELAND)["Statement"]
    assert statement["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}


def test_groups_and_billing_groups_are_only_granted_when_the_body_names_them():
    actions = {action for action, _ in granted(provisioning_role_policy(thing(), IRELAND))}
    assert not {a for a in actions if "Group" in a}
    document = provisioning_role_policy(thing(ThingGroups=["a"], BillingGroup="b"), IRELAND)
    assert ("iot:AddThingToThingGroup", IRELAND.iot_arn("thinggroup/a")) in granted(document)
    assert ("iot:AddThingToBillingGroup", IRELAND.iot_arn("billinggroup/b")) in granted(document)


def test_leaving_groups_is_only_granted_when_the_body_replaces_them():
    leave = ("iot:RemoveThingFromThingGroup", IRELAND.iot_arn("thinggroup/*"))
    assert leave not in granted(provisioning_role_policy(thing(ThingGroups=["a"]), IRELAND))
    replacing = thing({"ThingGroups": "REPLACE"}, ThingGroups=["a"])
    assert leave in granted(provisioning_role_policy(replacing, IRELAND))


def test_policies_are_only_made_for_a_body_that_holds_a_document():
    def actions(properties):
        policy = {"Type": "AWS::IoT::Policy", "Properties": properties}
        return {a for a, _ in granted(provisioning_role_policy({"Resources": {"p": policy}}, IRELAND))}

    assert "iot:CreatePolicy" not in actions({"PolicyName": "sensor"})
    # The second device with the same document finds the policy of the first.
    assert {"iot:CreatePolicy", "iot:GetPolicy"} <= actions({"PolicyDocument": "{}"})


def test_certificates_are_only_registered_for_a_body_that_brings_them():
    certificate = {"Type": "AWS::IoT::Certificate", "Properties": {"CertificatePem": {"Ref": "Pem"}}}
    document = provisioning_role_policy({"Resources": {"c": certificate}}, IRELAND)
    assert ("iot:RegisterCertificate", "*") in granted(document)
