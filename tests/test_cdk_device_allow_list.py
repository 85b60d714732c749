"""The allow list on AWS CDK."""

import json

import pytest
from aws_cdk import App, Environment, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from device_provisioning.cdk import DeviceAllowList, ListedDevice, PreProvisioningHook
from device_provisioning.fleet.pattern_tag import pattern_tag
from tests.support.synthesis import a_stack, only, own_part, properties, synthesised

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
    assert table["TimeToLiveSpecification"] == {"AttributeName": "forget_at", "Enabled": True}
    assert only(template, TABLE)["DeletionPolicy"] == "RetainExceptOnCreate"
    assert only(template, TABLE)["UpdateReplacePolicy"] == "Retain"


def test_the_table_goes_with_the_stack_when_set():
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


@pytest.mark.parametrize("name", ["AWS::IoT::Certificate::Id", "aws::Region"])
def test_a_device_that_overrides_what_belongs_to_aws_iot_is_refused(name):
    with pytest.raises(ValueError, match=f"can't override {name}, which belongs to AWS IoT"):
        ListedDevice(serial_number="A", parameter_overrides={"Site": "lab", name: "x"})


def test_whoever_registers_devices_can_only_update_declared_attributes():
    stack = a_stack()
    role = iam.Role(stack, "Factory", assumed_by=iam.AccountRootPrincipal())
    a_list(stack).grant_register(role)
    statement, reading = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"][
        "Statement"
    ]
    assert reading["Action"] == ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"]
    assert statement["Action"] == "dynamodb:UpdateItem"
    assert statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"] == [
        "blocked",
        "expires_at",
        "parameter_overrides",
        "batch_name",
        "serial_number",
    ]


STRING, NUMBER = dynamodb.AttributeType.STRING, dynamodb.AttributeType.NUMBER


@pytest.mark.parametrize("kind", [dynamodb.Table, dynamodb.TableV2])
@pytest.mark.parametrize(
    ("partition_key", "sort_key", "problem"),
    [
        (("id", STRING), None, "the partition key id of type S: give"),
        (("serial_number", NUMBER), None, "the partition key serial_number of type N: give"),
        (("serial_number", STRING), ("site", STRING), "of type S and the sort key site: give"),
    ],
)
def test_a_table_with_another_key_is_refused(kind, partition_key, sort_key, problem):
    stack = a_stack()
    keys = {"partition_key": dynamodb.Attribute(name=partition_key[0], type=partition_key[1])}
    if sort_key:
        keys["sort_key"] = dynamodb.Attribute(name=sort_key[0], type=sort_key[1])
    with pytest.raises(ValueError, match=problem):
        a_list(stack, table=kind(stack, "Own", **keys))


@pytest.mark.parametrize("kind", [dynamodb.Table, dynamodb.TableV2])
def test_a_table_with_the_key_of_a_list_is_taken(kind):
    stack = a_stack()
    own = kind(stack, "Own", partition_key=dynamodb.Attribute(name="serial_number", type=STRING))
    assert a_list(stack, table=own).table is own


@pytest.mark.parametrize(
    ("kind", "replicas"),
    [
        (dynamodb.Table, {"replication_regions": ["us-west-2"]}),
        (dynamodb.TableV2, {"replicas": [dynamodb.ReplicaTableProps(region="us-west-2")]}),
    ],
)
def test_a_table_with_replicas_is_refused_as_regions_do_not_see_each_others_writes(kind, replicas):
    stack = a_stack()
    key = dynamodb.Attribute(name="serial_number", type=STRING)
    own = kind(stack, "Own", partition_key=key, **replicas)
    with pytest.raises(ValueError, match="table has a replica in us-west-2: the last writer wins"):
        a_list(stack, table=own)


def test_a_replica_is_refused_as_its_table_is():
    app = App()
    here = Stack(app, "Here", env=Environment(account="111122223333", region="eu-west-1"))
    there = Stack(app, "There", env=Environment(account="111122223333", region="us-west-2"))
    key = dynamodb.Attribute(name="serial_number", type=STRING)
    replicas = [dynamodb.ReplicaTableProps(region="us-west-2")]
    own = dynamodb.TableV2(here, "Own", partition_key=key, replicas=replicas)
    with pytest.raises(ValueError, match="table has a replica in us-west-2: the last writer wins"):
        a_list(there, table=own.replica("us-west-2"))


@pytest.mark.parametrize(
    ("arn", "problem"),
    [
        ("arn:aws:dynamodb:us-east-1:111122223333:table/own", "Region us-east-1, and the list in eu-west-1"),
        (
            "arn:aws:dynamodb:eu-west-1:444455556666:table/own",
            "account 444455556666, and the list in 111122223333",
        ),
    ],
)
def test_a_table_of_another_region_or_account_is_refused(arn, problem):
    stack = a_stack()
    with pytest.raises(ValueError, match=problem):
        a_list(stack, table=dynamodb.Table.from_table_arn(stack, "Own", arn))
    here = dynamodb.Table.from_table_name(stack, "Here", "own")
    assert DeviceAllowList(stack, "ByName", table=here)
    nowhere = a_stack(env=None)
    assert a_list(nowhere, table=dynamodb.Table.from_table_arn(nowhere, "Own", arn))


def test_what_the_hooks_over_a_list_let_through_becomes_a_tag_of_its_table():
    def define(stack, *patterns):
        devices = a_list(stack)
        for number, pattern in enumerate(patterns):
            settings = {"device_allow_list": devices, "serial_number_pattern": pattern}
            PreProvisioningHook(stack, f"Hook{number}", **settings)

    for patterns in (["[0-9]{8}"], ["[0-9]{8}", "[A-F]+"]):
        [tag] = properties(synthesised(lambda stack, own=patterns: define(stack, *own)), TABLE)["Tags"]
        assert {tag["Key"]: tag["Value"]} == pattern_tag(patterns)


def test_whoever_registers_devices_can_use_the_tables_customer_key():
    stack = a_stack()
    role = iam.Role(stack, "Factory", assumed_by=iam.AccountRootPrincipal())
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    a_list(stack, encryption_key=key).grant_register(role)
    statements = properties(Template.from_stack(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert any(s["Resource"] == "arn:aws:kms:eu-west-1:111122223333:key/1" for s in statements)


def test_defaults_match_the_snapshot(snapshot):
    assert own_part(a_list, DeviceAllowList) == snapshot


def test_everything_set_matches_the_snapshot(snapshot):
    assert own_part(with_everything, DeviceAllowList) == snapshot
