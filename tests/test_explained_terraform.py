"""The picture of a plan of Terraform."""

import json

import pytest

from device_provisioning.explain.picture import Stage, State
from tests.support.explained import picture_of

TRUST = {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}
PLACE = "arn:aws:iot:eu-west-1:111122223333"
MAY_CREATE = {"Effect": "Allow", "Action": "iot:CreateThing", "Resource": f"{PLACE}:thing/sensor-*"}
REGISTERS = {
    "Effect": "Allow",
    "Action": "iot:Publish",
    "Resource": f"{PLACE}:topic/$aws/provisioning-templates/sensors/provision/json",
}
EVERYTHING = {"Effect": "Allow", "Action": "iot:*", "Resource": "*"}
BODY = {
    "Parameters": {"SerialNumber": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {"ThingName": {"Fn::Join": ["", ["sensor-", {"Ref": "SerialNumber"}]]}},
        },
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor"}},
    },
}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


RESOURCES = {
    "aws_iot_provisioning_template.sensors": {
        "name": "sensors",
        "enabled": True,
        "template_body": json.dumps(BODY),
    },
    "aws_iam_role.provisioning": {"name": "provisioning", "assume_role_policy": document(TRUST)},
    "aws_iam_role_policy.things": {"role": "provisioning", "policy": document(MAY_CREATE)},
    "aws_iot_policy.claim": {"name": "claim", "policy": document(REGISTERS)},
    "aws_iot_policy.device": {"name": "sensor", "policy": document(EVERYTHING)},
}


@pytest.fixture
def picture(tmp_path):
    template, role = "aws_iot_provisioning_template.sensors", "aws_iam_role.provisioning"
    known_later = {"actions": ["create"], "before": None, "after_unknown": {"provisioning_role_arn": True}}
    refers = {"provisioning_role_arn": {"references": [f"{role}.arn", role]}}
    planned = [
        {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}
        for address, values in RESOURCES.items()
        for kind, name in [address.split(".")]
    ]
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": [{"address": template, "change": known_later}],
        "configuration": {"root_module": {"resources": [{"address": template, "expressions": refers}]}},
    }
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    return picture_of(file)


def test_resources_have_their_addresses(picture):
    shown = {node.stage: node.title for node in picture.nodes if node.stage in (Stage.IDENTITY, Stage.ROLE)}
    assert shown == {Stage.IDENTITY: "aws_iot_policy.claim", Stage.ROLE: "aws_iam_role.provisioning"}


def test_what_it_grants_leads_from_the_claim_to_the_thing(picture):
    states = {
        (picture.node(arrow.source).title, picture.node(arrow.target).title): arrow.state
        for arrow in picture.arrows
    }
    assert (
        states["aws_iot_policy.claim", "$aws/provisioning-templates/sensors/provision/json"] is State.GRANTED
    )
    assert states["aws_iam_role.provisioning", "sensor-*"] is State.GRANTED
    assert states["aws_iam_role.provisioning", "sensor"] is State.MISSING
    assert states["sensor", "*"] is State.UNLIMITED
