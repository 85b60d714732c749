"""The quarantine group on AWS CDK."""

import pytest
from aws_cdk import App, Environment, Stack

from device_provisioning.cdk import QuarantineGroup
from tests.support.synthesis import a_stack, only, own_part, properties, synthesised
from workshop import cloud_assembly
from workshop.emulator import ACCOUNT, REGION

GROUP, POLICY, ATTACHMENT = "AWS::IoT::ThingGroup", "AWS::IoT::Policy", "Custom::GroupPolicy"


def a_group(stack, **settings):
    return QuarantineGroup(stack, "Quarantine", **settings)


def with_everything(stack):
    a_group(stack, thing_group_name="quarantine", topic_prefix="workshop")


def test_a_device_in_it_may_use_its_own_repair_topics_and_nothing_else():
    statements = properties(synthesised(a_group), POLICY)["PolicyDocument"]["Statement"]
    assert {action for each in statements for action in [each["Action"]] for action in _list(action)} == {
        "iot:Connect",
        "iot:Publish",
        "iot:Receive",
        "iot:Subscribe",
    }
    resources = [resource for each in statements for resource in _list(each["Resource"])]
    own = "repair/${iot:Connection.Thing.ThingName}/*"
    assert {resource.partition("111122223333:")[2] for resource in resources} == {
        "client/${iot:Connection.Thing.ThingName}",
        f"topic/{own}",
        f"topicfilter/{own}",
    }


def _list(value):
    return [value] if isinstance(value, str) else value


def test_the_policy_is_attached_with_rights_to_this_group_only():
    template = synthesised(a_group)
    ((group, _),) = template.find_resources(GROUP).items()
    ((policy, _),) = template.find_resources(POLICY).items()
    attachment = only(template, ATTACHMENT)["Properties"]
    arn = {"Fn::GetAtt": [group, "Arn"]}
    assert (attachment["PolicyName"], attachment["ThingGroupArn"]) == ({"Ref": policy}, arn)
    documents = [
        policy["PolicyDocument"]["Statement"]
        for role in template.find_resources("AWS::IAM::Role").values()
        for policy in role["Properties"].get("Policies", [])
    ]
    (rights,) = [document for document in documents if document[0].get("Sid") == "GroupPolicy"]
    assert rights == [
        {
            "Sid": "GroupPolicy",
            "Effect": "Allow",
            "Action": ["iot:AttachPolicy", "iot:DetachPolicy"],
            "Resource": arn,
        }
    ]


def test_a_generated_name_fits_and_a_given_one_is_used():
    assert 0 < len(a_group(a_stack("S" * 120)).thing_group_name) <= 128
    assert properties(synthesised(with_everything), GROUP)["ThingGroupName"] == "quarantine"


def test_a_name_that_aws_iot_does_not_accept_is_refused():
    with pytest.raises(ValueError, match="thing_group_name 'a b' has"):
        a_group(a_stack(), thing_group_name="a b")


def test_a_name_is_given_to_one_group_only():
    stack = a_stack()
    a_group(stack, thing_group_name="quarantine")
    with pytest.raises(ValueError, match=r"which \S+/Quarantine has already"):
        QuarantineGroup(stack, "Other", thing_group_name="quarantine")


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_group, QuarantineGroup) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, QuarantineGroup) == snapshot


def test_it_is_deployed_and_goes_again(emulator, tmp_path):
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Quarantines", env=Environment(account=ACCOUNT, region=REGION))
    name = a_group(stack).thing_group_name
    app.synth()
    iot = emulator.client("iot")
    cloud_assembly.deploy(emulator, tmp_path, "Quarantines")
    arn = iot.describe_thing_group(thingGroupName=name)["thingGroupArn"]
    (policy,) = iot.list_attached_policies(target=arn)["policies"]
    assert "Quarantine" in policy["policyName"]
    cloud_assembly.destroy(emulator, "Quarantines")
    assert name not in [group["groupName"] for group in iot.list_thing_groups()["thingGroups"]]
