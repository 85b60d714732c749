"""Devices that replace their own certificates, on AWS CDK and on the emulator."""

import time

import pytest
from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from awsiot import iotidentity

from device_provisioning.aws_iot.environment import Environment
from device_provisioning.cdk import CertificateRotation, DeviceAllowList, DevicePolicy
from device_provisioning.fleet.certificate_rotation import retirement_policy
from device_provisioning.fleet.functions import RETIREMENT, ROTATION_HOOK
from device_provisioning.lambdas.certificate_rotation.hook import (
    MOST_CERTIFICATES,
    decide,
    handler,
)
from device_provisioning.lambdas.certificate_rotation.reasons import Denied
from device_provisioning.lambdas.certificate_rotation.retirement import retire
from device_provisioning.records.calls import Calls
from tests.support.detaching import settled
from tests.support.hooks import MeetsTransactions, devices_in, plenty_of_time
from tests.support.pumps import ConnectedPump, ListedPump, Pump, require_swap
from tests.support.synthesis import IRELAND, only, own_part, properties, roles_of, synthesised
from workshop import cloud_assembly, device

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
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    rotation(
        stack,
        device_allow_list=DeviceAllowList(stack, "Devices", encryption_key=key),
        alarm_actions=[actions.SnsAction(sns.Topic(stack, "Alarms"))],
    )


def test_a_device_may_confirm_for_itself_only():
    statements = properties(synthesised(rotation), "AWS::IoT::Policy")["PolicyDocument"]["Statement"]
    (confirm,) = [s for s in statements if s["Sid"] == "Publish"]
    thing = "${iot:Connection.Thing.ThingName}"
    assert confirm["Resource"] == f"{ARN}:topic/certificate-rotation/{TEMPLATE}/{thing}/confirmed"
    (both,) = [s for s in statements if s["Sid"] == "PublishAndReceive"]
    assert not any("certificate-rotation/" in resource for resource in both["Resource"])


def test_the_rule_tells_the_thing_of_the_topic_and_the_certificate_of_the_connection():
    template = synthesised(rotation)
    payload = properties(template, RULE)["TopicRulePayload"]
    assert payload["Sql"] == (
        "SELECT topic(3) AS thing_name, principal() AS certificate_id"
        f" FROM 'certificate-rotation/{TEMPLATE}/+/confirmed'"
    )
    assert len(only(template, RULE)["DependsOn"]) == 1


def test_the_hook_can_look_at_the_principals_of_things_and_change_nothing():
    (role,) = [
        role
        for role in roles_of(synthesised(rotation), "lambda.amazonaws.com")
        if role["Description"].startswith("Lets devices")
    ]
    statements = {s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]}
    assert set(statements) == {"Principals", "Logs"}
    assert statements["Principals"]["Action"] == "iot:ListThingPrincipals"


def test_the_hook_binds_certificates_and_only_the_confirmation_writes_records():
    by_role = {
        role["Description"].split()[0]: {
            s["Sid"]: s for s in role["Policies"][0]["PolicyDocument"]["Statement"]
        }
        for role in roles_of(synthesised(with_everything), "lambda.amazonaws.com")
        if role["Description"] in (ROTATION_HOOK.description, RETIREMENT.description)
    }
    assert by_role["Lets"]["Record"]["Action"] == "dynamodb:UpdateItem"
    assert by_role["Lets"]["Binding"]["Action"] == "dynamodb:PutItem"
    assert by_role["Lets"]["Binding"]["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [" certificate *"]}
    }
    assert by_role["Retires"]["Record"]["Action"] == ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [statements["Record"]["Resource"]["Fn::GetAtt"][0] for statements in by_role.values()]
    assert all(resource.startswith("DevicesTable") for resource in resources)


def test_certificates_are_retired_without_a_right_that_is_wider_than_it_has_to_be():
    document = retirement_policy("turning-", "log", Environment("111122223333", "eu-west-1"))
    wide = [s for s in document["Statement"] if s["Resource"] == "*"]
    assert {s["Sid"]: s["Action"] for s in wide} == {
        "ThingPrincipals": "iot:DetachThingPrincipal",
        "WithoutResourceLevel": ["iot:ListAttachedPolicies", "iot:ListThingPrincipals"],
    }
    (detach,) = [s for s in wide if s["Sid"] == "ThingPrincipals"]
    assert detach["Condition"] == {"ArnLikeIfExists": {"iot:thingArn": f"{ARN}:thing/turning-*"}}


@pytest.fixture
def iot(emulator):
    return emulator.client("iot")


def may_replace(event, iot):
    """Raise ``Denied`` if not."""
    calls = Calls(plenty_of_time, lambda _seconds: None)
    decide(event, {"THING_NAME_PREFIX": "turning-"}, {"iot": iot}.__getitem__, calls=calls)


def retired(event, iot):
    return retire(event, {"THING_NAME_PREFIX": "turning-"}, {"iot": iot}.__getitem__)


def test_a_device_may_replace_the_certificate_of_its_own_thing_only(iot):
    pump, other = Pump(iot), Pump(iot)
    own = pump.certificate()["certificateId"]
    may_replace(pump.event(own), iot)
    for presented in (
        other.certificate()["certificateId"],
        pump.certificate(attached=False)["certificateId"],
    ):
        with pytest.raises(Denied, match="not attached to the thing"):
            may_replace(pump.event(presented), iot)


def test_a_device_that_never_confirms_comes_to_an_end(iot):
    pump = Pump(iot)
    own = [pump.certificate()["certificateId"] for _ in range(MOST_CERTIFICATES)]
    with pytest.raises(Denied, match="confirm the last one first"):
        may_replace(pump.event(own[0]), iot)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (None, "SerialNumber is missing"),
        ({"parameters": {"SerialNumber": 7}}, "SerialNumber is missing"),
        ({"parameters": {"SerialNumber": "a b"}}, "serial number is malformed"),
        ({"parameters": {"SerialNumber": "x" * 200}}, "serial number is malformed"),
        ({"parameters": {"SerialNumber": "A"}, "claimCertificateId": "*"}, "certificate is malformed"),
        (
            {"parameters": {"SerialNumber": "A"}, "claimCertificateId": "a" * 64, "certificateId": 7},
            "certificate is malformed",
        ),
    ],
)
def test_an_event_that_is_none_of_aws_iot_is_denied(iot, event, reason):
    with pytest.raises(Denied, match=reason):
        may_replace(event, iot)


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
    assert retired(event, iot) == [made[0]["certificateId"]]
    assert [pump.status(certificate) for certificate in made] == ["INACTIVE", "ACTIVE", "ACTIVE"]
    assert settled(lambda: retired(event, iot)) == []


def test_a_record_that_meets_a_transaction_names_the_new_certificate_a_moment_later(emulator):
    iot = emulator.client("iot")
    pump = Pump(iot)
    old, new = pump.certificate(), pump.certificate()
    with devices_in(emulator.client("dynamodb")) as devices:
        serial_number = pump.name.removeprefix("turning-")
        devices.put(serial_number, certificate_id={"S": old["certificateId"]})
        clients = {"iot": iot, "dynamodb": MeetsTransactions(devices.client)}
        environment = {"THING_NAME_PREFIX": "turning-", "ALLOW_LIST_TABLE_NAME": devices.table_name}
        event = {"thing_name": pump.name, "certificate_id": new["certificateId"]}
        retire(event, environment, clients.__getitem__)
        assert devices.record(serial_number)["certificate_id"] == {"S": new["certificateId"]}


def test_a_certificate_of_another_thing_retires_nothing(iot):
    pump, other = Pump(iot), Pump(iot)
    old = pump.certificate()
    event = {"thing_name": pump.name, "certificate_id": other.certificate()["certificateId"]}
    with pytest.raises(ValueError, match="not attached to the thing"):
        retired(event, iot)
    assert pump.status(old) == "ACTIVE"
    with pytest.raises(ValueError, match="names no thing"):
        retired({"thing_name": "*", "certificate_id": None}, iot)


def test_a_device_swaps_its_certificate_and_keeps_its_thing(emulator, tmp_path):
    app = App(outdir=str(tmp_path))
    rotation(Stack(app, "Rotation", env=IRELAND))
    app.synth()
    cloud_assembly.deploy(emulator, tmp_path, "Rotation")
    require_swap(ConnectedPump(emulator, "rotating-pump"), TEMPLATE)
    cloud_assembly.destroy(emulator, "Rotation")


def test_a_blocked_device_replaces_nothing_in_forty_tries_and_then_its_record_names_the_new_one(
    emulator, tmp_path
):
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "ListedRotation", env=IRELAND)
    devices = DeviceAllowList(stack, "Devices", removal_policy=RemovalPolicy.DESTROY)
    rotation(stack, device_allow_list=devices)
    CfnOutput(stack, "TableName", value=devices.table.table_name)
    app.synth()
    table = cloud_assembly.deploy(emulator, tmp_path, "ListedRotation")["TableName"]
    pump = ListedPump(emulator, "rotating-pump", table)
    with device.connected(pump.broker, pump.credentials, pump.name) as connection:
        identity = iotidentity.IotIdentityClient(connection)
        certificate, new = device.create_keys_and_certificate(identity)
        parameters, token = {"SerialNumber": pump.serial_number}, certificate.certificate_ownership_token
        pump.set_blocked(True)
        for _ in range(40):
            with pytest.raises(device.Rejected):
                device.register_thing(identity, TEMPLATE, token, parameters)
        assert pump.status({"certificateId": certificate.certificate_id}) == "PENDING_ACTIVATION"
        assert pump.holder() == pump.old["certificateId"]
        pump.set_blocked(False)
        device.register_thing(identity, TEMPLATE, token, parameters)
    pump.confirm(new, TEMPLATE)
    assert pump.holder() == certificate.certificate_id
    assert pump.status(pump.old) == "INACTIVE"
    pump.forget_policy()
    cloud_assembly.destroy(emulator, "ListedRotation")


def test_the_hooks_alarms_do_what_is_asked_for():
    alarms = synthesised(with_everything).find_resources("AWS::CloudWatch::Alarm").values()
    assert alarms
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms)


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(rotation, CertificateRotation) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, CertificateRotation) == snapshot
