"""What a provisioned device may do."""

from device_provisioning.aws_iot.device_policy import device_policy
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.topic_statements import THING_NAME

IRELAND = Environment("111122223333", "eu-west-1")


def resources(document):
    found = [
        s["Resource"] if isinstance(s["Resource"], list) else [s["Resource"]] for s in document["Statement"]
    ]
    return {resource for group in found for resource in group}


def test_every_resource_carries_the_things_own_name():
    document = device_policy(IRELAND, shadow=True, jobs=True)
    assert all(THING_NAME in resource for resource in resources(document))


def test_a_device_connects_only_while_its_certificate_is_attached_to_its_thing():
    connect = device_policy(IRELAND)["Statement"][0]
    assert connect["Action"] == "iot:Connect"
    assert connect["Resource"] == IRELAND.iot_arn(f"client/{THING_NAME}")
    assert connect["Condition"] == {"Bool": {"iot:Connection.Thing.IsAttached": ["true"]}}


def test_shadow_and_jobs_are_opt_in():
    assert not any("$aws" in resource for resource in resources(device_policy(IRELAND)))
    both = resources(device_policy(IRELAND, shadow=True, jobs=True))
    assert IRELAND.iot_arn(f"topic/$aws/things/{THING_NAME}/shadow/*") in both
    assert IRELAND.iot_arn(f"topicfilter/$aws/things/{THING_NAME}/jobs/*") in both


def test_without_topics_a_device_can_only_connect():
    assert len(device_policy(IRELAND, topic_prefix=None)["Statement"]) == 1


def test_own_statements_come_last():
    statement = {"Effect": "Deny", "Action": "iot:Publish", "Resource": "*"}
    assert device_policy(IRELAND, statements=[statement])["Statement"][-1] == statement
