"""Who may write devices, and who may open batches, by the emulator's IAM."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from device_provisioning.fleet.function_roles import manage_batches_policy, register_devices_policy
from device_provisioning.records.batch import batch_key
from workshop.emulator import ACCOUNT, REGION, Emulator

TABLE = "rights"
ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}"
SET = {
    "UpdateExpression": "SET is_open = :yes",
    "ExpressionAttributeValues": {":yes": {"BOOL": True}},
}
BLOCK = {
    "UpdateExpression": "SET blocked = :yes",
    "ExpressionAttributeValues": {":yes": {"BOOL": True}},
}
BATCH, DEVICE = batch_key("line-4"), {"serial_number": {"S": "A-1"}}
CERTIFICATE = {"serial_number": {"S": f" certificate {'c' * 64}"}}


@pytest.fixture(scope="module")
def strict():
    with Emulator(enforce_iam=True) as running:
        running.client("dynamodb").create_table(
            TableName=TABLE,
            AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield running


def holder(emulator, name, document):
    """A client of DynamoDB with the keys of a user who has one policy."""
    iam = emulator.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="Permissions", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=emulator.url,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture(scope="module")
def registrar(strict):
    return holder(strict, "registrar", register_devices_policy(ARN))


@pytest.fixture(scope="module")
def manager(strict):
    return holder(strict, "manager", manage_batches_policy(ARN))


def in_a_transaction(client, *keys):
    update = {"TableName": TABLE, **SET}
    client.transact_write_items(TransactItems=[{"Update": {**update, "Key": key}} for key in keys])


def refused(call, *args, **settings):
    with pytest.raises(ClientError) as caught:
        call(*args, **settings)
    return caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_who_registers_devices_writes_them_and_can_not_open_a_batch(registrar):
    registrar.update_item(TableName=TABLE, Key=DEVICE, **BLOCK)
    in_a_transaction(registrar, DEVICE, {"serial_number": {"S": "A-2"}})
    assert refused(registrar.update_item, TableName=TABLE, Key=BATCH, **SET)
    assert refused(registrar.update_item, TableName=TABLE, Key=CERTIFICATE, **SET)
    assert refused(in_a_transaction, registrar, BATCH)
    assert refused(in_a_transaction, registrar, DEVICE, BATCH)


def test_who_manages_batches_opens_them_and_can_not_touch_a_device_or_a_certificate(manager):
    manager.update_item(TableName=TABLE, Key=BATCH, **SET)
    assert manager.get_item(TableName=TABLE, Key=BATCH)["Item"]["is_open"] == {"BOOL": True}
    for key in (DEVICE, CERTIFICATE):
        assert refused(manager.update_item, TableName=TABLE, Key=key, **BLOCK)
        assert refused(manager.get_item, TableName=TABLE, Key=key)
    assert refused(manager.delete_item, TableName=TABLE, Key=BATCH)
    assert refused(manager.scan, TableName=TABLE)
