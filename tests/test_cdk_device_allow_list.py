"""The allow list on AWS CDK."""

import json

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template
from synthesis import a_stack, only, properties, readable, synthesised

from device_provisioning.cdk import DeviceAllowList, ListedDevice

TABLE = "AWS::DynamoDB::Table"
DEVICES = [
    ListedDevice(serial_number="B", blocked=True),
    ListedDevice(serial_number="A", parameter_overrides={"Site": "lab"}, expires_at=4102444800),
]


def a_list(stack, **settings):
    return DeviceAllowList(stack, "Devices", **settings)


def with_everything(stack):
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    devices = a_list(stack, encryption_key=key, removal_policy=RemovalPolicy.DESTROY)
    devices.add_devices(DEVICES)


def test_the_table_is_on_demand_encrypted_recoverable_and_retained():
    template = synthesised(a_list)
    table = properties(template, TABLE)
    assert table["KeySchema"] == [{"AttributeName": "serial_number", "KeyType": "HASH"}]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert only(template, TABLE)["DeletionPolicy"] == "RetainExceptOnCreate"
    assert only(template, TABLE)["UpdateReplacePolicy"] == "Retain"


def test_the_table_goes_with_the_stack_when_told():
    assert only(synthesised(with_everything), TABLE)["DeletionPolicy"] == "Delete"


def test_a_table_of_ones_own_is_used_and_none_is_created():
    def define(stack):
        table = dynamodb.Table.from_table_name(stack, "Table", "devices")
        a_list(stack, table=table).add_devices(DEVICES)

    template = synthesised(define)
    template.resource_count_is(TABLE, 0)
    assert properties(template, "Custom::ListedDevices")["TableName"] == "devices"


def test_settings_of_the_created_table_are_refused_for_ones_own():
    stack = a_stack()
    table = dynamodb.Table.from_table_name(stack, "Table", "devices")
    with pytest.raises(ValueError, match="but table is given: set them on your table"):
        a_list(stack, table=table, removal_policy=RemovalPolicy.DESTROY)


def test_declared_devices_of_several_calls_are_kept_in_step_by_one_resource():
    def define(stack):
        devices = a_list(stack)
        devices.add_devices(DEVICES[:1])
        devices.add_devices(DEVICES[1:])

    declared = json.loads(properties(synthesised(define), "Custom::ListedDevices")["Devices"])
    assert [device["serial_number"] for device in declared] == ["A", "B"]


def test_no_function_is_made_when_no_device_is_declared():
    def define(stack):
        a_list(stack).add_devices([])

    synthesised(define).resource_count_is("AWS::Lambda::Function", 0)


def test_a_device_declared_in_two_calls_is_refused():
    devices = a_list(a_stack())
    devices.add_devices(DEVICES[:1])
    with pytest.raises(ValueError, match="listed twice: B"):
        devices.add_devices(DEVICES[:1])


def test_whoever_registers_devices_can_only_update_declared_attributes():
    stack = a_stack()
    role = iam.Role(stack, "Factory", assumed_by=iam.AccountRootPrincipal())
    a_list(stack).grant_register(role)
    (statement,) = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == "dynamodb:UpdateItem"
    assert statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"] == [
        "blocked",
        "expires_at",
        "parameter_overrides",
        "serial_number",
    ]


def test_whoever_registers_devices_can_use_the_tables_customer_key():
    stack = a_stack()
    role = iam.Role(stack, "Factory", assumed_by=iam.AccountRootPrincipal())
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    a_list(stack, encryption_key=key).grant_register(role)
    statements = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert any(s["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/1" for s in statements)


def test_defaults_match_the_snapshot(snapshot):
    assert readable(synthesised(a_list)) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert readable(synthesised(with_everything)) == snapshot
