"""Devices that replace their own certificates, on AWS CDK and on the emulator."""

import json
import time

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from pumps import Pump, require_swap
from synthesis import IRELAND, only, properties, readable, roles_of, synthesised

from device_provisioning.aws_iot.certificate_rotation import (
    retirement_policy,
    rotation_statements,
)
from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.limits import MAX_POLICY_DOCUMENT
from device_provisioning.cdk import CertificateRotation, DevicePolicy
from device_provisioning.lambdas.certificate_rotation.hook import (
    MOST_CERTIFICATES,
    handler,
    require_owner,
)
from device_provisioning.lambdas.certificate_rotation.reasons import Denied
from device_provisioning.lambdas.certificate_rotation.retirement import retire
from device_provisioning.local import cloud_assembly

ARN = "arn:aws:iot:eu-west-1:111122223333"
TEMPLATE = "pump-rotation"
RULE = "AWS::IoT::TopicRule"


def rotation(stack, **settings):
    policy = DevicePolicy(stack, "Policy", policy_name="rotating-pump", rotation_template_name=TEMPLATE)
    CertificateRotation(
        stack,
        "Rotation",
        template_name=TEMPLATE,
        thing_name_prefix="turning-",
        device_policy=policy,
        **settings,
    )


def with_everything(stack):
    rotation(stack, alarm_actions=[actions.SnsAction(sns.Topic(stack, "Alarms"))])


def test_a_device_may_confirm_for_itself_only():
    statements = rotation_statements(TEMPLATE, Environment("111122223333", "eu-west-1"))
    (confirm,) = [s for s in statements if s["Sid"] == "RotationConfirmation"]
    thing = "${iot:Connection.Thing.ThingName}"
    assert confirm["Resource"] == f"{ARN}:topic/certificate-rotation/{TEMPLATE}/{thing}/confirmed"
    assert all(s["Action"] != "iot:Connect" for s in statements)


def test_the_rule_tells_the_thing_of_the_topic_and_the_certificate_of_the_connection():
    template = synthesised(rotation)
    payload = properties(template, RULE)["TopicRulePayload"]
    assert payload["Sql"] == (
        "SELECT topic(3) AS thing_name, principal() AS certificate_id"
        f" FROM 'certificate-rotation/{TEMPLATE}/+/confirmed'"
    )
    assert len(only(template, RULE)["DependsOn"]) == 1


def test_the_hook_can_look_at_things_with_the_prefix_and_change_nothing():
    (role,) = [
        role
        for role in roles_of(synthesised(rotation), "lambda.amazonaws.com")
        if role["Description"].startswith("Lets devices")
    ]
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert set(statements) == {"Things", "Logs"}
    assert statements["Things"]["Action"] == "iot:ListThingPrincipals"
    assert statements["Things"]["Resource"] == f"{ARN}:thing/turning-*"


def test_certificates_are_retired_without_a_right_that_is_wider_than_it_has_to_be():
    document = retirement_policy("turning-", "log", Environment("111122223333", "eu-west-1"))
    wide = [s for s in document["Statement"] if s["Resource"] == "*"]
    assert [s["Action"] for s in wide] == ["iot:ListAttachedPolicies"]


@pytest.fixture
def iot(emulator):
    return emulator.client("iot")


def test_a_device_may_replace_the_certificate_of_its_own_thing_only(iot):
    pump, other = Pump(iot), Pump(iot)
    own = pump.certificate()["certificateId"]
    require_owner(pump.event(own), "turning-", iot)
    for presented in (
        other.certificate()["certificateId"],
        pump.certificate(attached=False)["certificateId"],
    ):
        with pytest.raises(Denied, match="not attached to the thing"):
            require_owner(pump.event(presented), "turning-", iot)


def test_a_device_that_never_confirms_comes_to_an_end(iot):
    pump = Pump(iot)
    own = [pump.certificate()["certificateId"] for _ in range(MOST_CERTIFICATES)]
    with pytest.raises(Denied, match="confirm the last one first"):
        require_owner(pump.event(own[0]), "turning-", iot)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "SerialNumber is missing"),
        ({"parameters": {"SerialNumber": 7}}, "SerialNumber is missing"),
        ({"parameters": {"SerialNumber": "a b"}}, "serial number is malformed"),
        ({"parameters": {"SerialNumber": "x" * 200}}, "serial number is malformed"),
        ({"parameters": {"SerialNumber": "A"}, "claimCertificateId": "*"}, "certificate is malformed"),
    ],
)
def test_an_event_that_is_none_of_aws_iot_is_denied(iot, event, reason):
    with pytest.raises(Denied, match=reason):
        require_owner(event, "turning-", iot)


def test_the_hook_denies_whatever_goes_wrong(monkeypatch, capsys):
    monkeypatch.delenv("THING_NAME_PREFIX", raising=False)
    assert handler({}) == {"allowProvisioning": False, "parameterOverrides": {}}
    assert "the hook failed: KeyError" in capsys.readouterr().out


def test_only_what_is_older_than_the_confirming_certificate_is_retired(iot):
    pump = Pump(iot)
    made = []
    for _ in range(3):
        made.append(pump.certificate())
        time.sleep(0.01)
    event = {"thing_name": pump.name, "certificate_id": made[1]["certificateId"]}
    assert retire(event, iot) == [made[0]["certificateId"]]
    assert [pump.status(certificate) for certificate in made] == ["INACTIVE", "ACTIVE", "ACTIVE"]
    assert retire(event, iot) == []


def test_a_certificate_of_another_thing_retires_nothing(iot):
    pump, other = Pump(iot), Pump(iot)
    old = pump.certificate()
    event = {"thing_name": pump.name, "certificate_id": other.certificate()["certificateId"]}
    with pytest.raises(ValueError, match="not attached to the thing"):
        retire(event, iot)
    assert pump.status(old) == "ACTIVE"
    with pytest.raises(ValueError, match="names no thing"):
        retire({"thing_name": "*", "certificate_id": None}, iot)


def test_a_device_swaps_its_certificate_and_keeps_its_thing(emulator, tmp_path):
    app = App(outdir=str(tmp_path))
    rotation(Stack(app, "Rotation", env=IRELAND))
    app.synth()
    cloud_assembly.deploy(emulator, tmp_path, "Rotation")
    require_swap(emulator, TEMPLATE, "rotating-pump")
    cloud_assembly.destroy(emulator, "Rotation")


def test_the_device_policy_stays_within_its_limit():
    document = properties(synthesised(rotation), "AWS::IoT::Policy")["PolicyDocument"]
    assert len(json.dumps(document, separators=(",", ":"))) <= MAX_POLICY_DOCUMENT


def test_the_hooks_alarms_do_what_is_asked_for():
    alarms = synthesised(with_everything).find_resources("AWS::CloudWatch::Alarm").values()
    assert alarms
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)


def test_defaults_match_the_snapshot(snapshot):
    assert readable(synthesised(rotation)) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert readable(synthesised(with_everything)) == snapshot
