"""Lists that DynamoDB's own import from S3 makes a new table of, against the emulator."""

import gzip
import json
import os
import signal
import threading

import boto3
import pytest
from botocore.stub import ANY, Stubber
from typer.testing import CliRunner

from device_provisioning.allow_list import bucket as bucket_module
from device_provisioning.allow_list import importing, new_table
from device_provisioning.allow_list.table import AllowListTable, item_of
from device_provisioning.aws_iot import ListedDevice
from device_provisioning.cli import app
from device_provisioning.console import aws_calls
from device_provisioning.console.sources import UnreadableError

TABLE, BUCKET = "new-list", "device-lists"
ROWS = (
    "serial_number,blocked,expires_at,parameter_overrides.Site\n"
    "A-1,,,\nA-2,true,1900000000,plant7\nA-3,,1900000001,\nA-4,false,,\nA-5,,,lab\n"
)
IMPORT_ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/new-list/import/01"


@pytest.fixture
def dynamodb(emulator, monkeypatch):
    monkeypatch.setattr(new_table, "SECONDS_BETWEEN", 0.1)
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    client = emulator.client("dynamodb")
    yield client
    if TABLE in client.list_tables()["TableNames"]:
        client.delete_table(TableName=TABLE)


@pytest.fixture
def s3(emulator):
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield client
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def stubbed(monkeypatch, s3):
    """DynamoDB as botocore models it, beside the emulator's S3."""
    client = boto3.client("dynamodb", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    made = lambda self: client if self._service == "dynamodb" else s3  # noqa: E731
    monkeypatch.setattr(aws_calls.AwsCalls, "_made", made)
    monkeypatch.setattr(new_table, "SECONDS_BETWEEN", 0)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "devices.csv"
    path.write_text(ROWS)
    return path


def run(file, *more, table=TABLE):
    arguments = ["import", file, "--table", table, "--via", "s3-import", "--bucket", BUCKET, *more]
    return CliRunner().invoke(app, ["devices", *map(str, arguments)])


def keys(s3):
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def items(client):
    return {item["serial_number"]["S"]: item for item in client.scan(TableName=TABLE)["Items"]}


def described(stubber, status, **more):
    answer = {"ImportTableDescription": {"ImportStatus": status, "ImportArn": IMPORT_ARN, **more}}
    stubber.add_response("describe_import", answer, {"ImportArn": IMPORT_ARN})


def is_new(stubber):
    stubber.add_client_error("describe_table", "ResourceNotFoundException")


def started(stubber, token=ANY, **definition):
    asked = {
        "ClientToken": token,
        "S3BucketSource": {"S3Bucket": BUCKET, "S3KeyPrefix": ANY},
        "InputFormat": "DYNAMODB_JSON",
        "InputCompressionType": "GZIP",
        "TableCreationParameters": {
            "TableName": TABLE,
            "AttributeDefinitions": [{"AttributeName": "serial_number", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "serial_number", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"Enabled": True, "SSEType": "KMS", **definition},
        },
    }
    description = {"ImportArn": IMPORT_ARN, "ImportStatus": "IN_PROGRESS"}
    stubber.add_response("import_table", {"ImportTableDescription": description}, asked)


def recovery_is_switched_on(stubber):
    asked = {
        "TableName": TABLE,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    stubber.add_response("update_continuous_backups", {}, asked)
    forgets = {"AttributeName": "forget_at", "Enabled": True}
    stubber.add_response("update_time_to_live", {}, {"TableName": TABLE, "TimeToLiveSpecification": forgets})


def test_a_new_table_holds_what_an_import_by_transactions_would_have_written(dynamodb, s3, file):
    result = run(file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"5 devices are in the new table {TABLE}" in result.stderr
    by_s3, definition = items(dynamodb), dynamodb.describe_table(TableName=TABLE)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
    forgets = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    dynamodb.delete_table(TableName=TABLE)
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=definition["AttributeDefinitions"],
        KeySchema=definition["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
    )
    arguments = ["devices", "import", str(file), "--table", TABLE]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert by_s3 == items(dynamodb)
    assert definition["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert forgets == {"AttributeName": "forget_at", "TimeToLiveStatus": "ENABLED"}
    assert keys(s3) == []
    assert [path.name for path in file.parent.iterdir()] == ["devices.csv"]


def test_the_table_is_encrypted_with_the_key_that_is_given(stubbed, file):
    is_new(stubbed)
    started(stubbed, KMSMasterKeyId="arn:aws:kms:eu-west-1:111122223333:key/1")
    described(stubbed, "IN_PROGRESS", ImportedItemCount=2)
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    result = run(file, "--encryption-key", "arn:aws:kms:eu-west-1:111122223333:key/1")
    assert (result.exit_code, result.stdout) == (0, "")


def test_many_devices_are_several_compressed_objects_with_each_device_once(stubbed, s3, file, monkeypatch):
    monkeypatch.setattr(bucket_module, "DEVICES_AT_ONCE", 2)
    monkeypatch.setattr(bucket_module, "DEVICES_IN_AN_OBJECT", 2)
    is_new(stubbed)
    started(stubbed)
    described(stubbed, "FAILED", FailureCode="S3AccessDenied")
    assert run(file).exit_code == 2
    uploaded = [s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys(s3)]
    lines = [gzip.decompress(content).decode().splitlines() for content in uploaded]
    assert list(map(len, lines)) == [2, 2, 1]
    records = [json.loads(line) for part in lines for line in part]
    names = [record["Item"]["serial_number"]["S"] for record in records]
    assert names == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    device = ListedDevice(
        serial_number="A-2", blocked=True, expires_at=1900000000, parameter_overrides={"Site": "plant7"}
    )
    assert records[1] == {"Item": item_of(device)}


def test_a_table_that_exists_is_refused_before_a_row_is_read(dynamodb, s3, file, monkeypatch):
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    monkeypatch.setattr(importing, "read_rows", lambda _: pytest.fail("a row is read"))
    for more in ([], ["--dry-run"]):
        result = run(file, *more)
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert "already exists, and DynamoDB imports from S3 into new tables only: give another name" in line
    assert keys(s3) == []


@pytest.mark.parametrize("option", ["--dry-run", "--validate-only"])
def test_nothing_is_uploaded_or_made_where_nothing_is_to_be_written(dynamodb, s3, file, option):
    result = run(file, option)
    assert result.exit_code == 0
    reported = f"5 devices would be in the new table {TABLE}"
    assert (reported in result.stderr) == (option == "--dry-run")
    assert keys(s3) == []
    assert TABLE not in dynamodb.list_tables()["TableNames"]
    assert [path.name for path in file.parent.iterdir()] == ["devices.csv"]


def test_validating_calls_nothing(file, monkeypatch):
    monkeypatch.setattr(aws_calls.AwsCalls, "_made", lambda _: pytest.fail("AWS is called"))
    assert run(file, "--validate-only").exit_code == 0


def test_a_file_with_rejected_rows_is_not_uploaded_unless_they_are_to_be_skipped(dynamodb, s3, file):
    file.write_text(ROWS + "A 6,,,\n")
    assert run(file).exit_code == 1
    assert keys(s3) == []
    assert run(file, "--skip-rejects").exit_code == 1
    assert len(items(dynamodb)) == 5


def test_a_bucket_that_is_not_there_is_reported_in_one_line_and_leaves_nothing(dynamodb, file):
    result = run(file)
    assert result.exit_code == 2
    assert f"s3://{BUCKET}/device-provisioning/" in result.stderr.splitlines()[-1]
    assert "NoSuchBucket" in result.stderr
    assert [path.name for path in file.parent.iterdir()] == ["devices.csv"]


def test_ctrl_c_leaves_the_import_of_dynamodb_running_and_resume_follows_it(stubbed, s3, file, monkeypatch):
    is_new(stubbed)
    started(stubbed)
    described(stubbed, "IN_PROGRESS")
    monkeypatch.setattr(new_table, "SECONDS_BETWEEN", 30)
    timer = threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    result = run(file)
    timer.join()
    assert result.exit_code == 130
    assert "DynamoDB continues its import; follow it again with --resume" in result.stderr
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    assert run(file, "--resume").exit_code == 0
    assert keys(s3) == []


def test_ctrl_c_while_uploading_leaves_what_is_uploaded(stubbed, s3, file, monkeypatch):
    monkeypatch.setattr(bucket_module, "DEVICES_AT_ONCE", 1)
    monkeypatch.setattr(bucket_module, "DEVICES_IN_AN_OBJECT", 1)
    put, sent = s3.put_object, []

    def put_object(**arguments):
        sent.append(arguments["Key"])
        put(**arguments)
        if len(sent) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(s3, "put_object", put_object)
    is_new(stubbed)
    result = run(file)
    assert result.exit_code == 130
    assert "continue the upload with --resume" in result.stderr
    started(stubbed)
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    assert run(file, "--resume").exit_code == 0
    assert len(sent) == len(set(sent)) == 5


def test_a_start_whose_answer_was_lost_is_asked_for_with_the_same_token(stubbed, file, monkeypatch):
    tokens = []
    call = aws_calls.AwsCalls.call

    def lost(calls, operation, **arguments):
        if operation == "import_table":
            tokens.append(arguments["ClientToken"])
            if len(tokens) == 1:
                raise new_table.UnreadableError("the connection is gone")
        return call(calls, operation, **arguments)

    monkeypatch.setattr(aws_calls.AwsCalls, "call", lost)
    is_new(stubbed)
    first = run(file)
    assert first.exit_code == 2
    assert "what was uploaded is kept: continue with --resume" in first.stderr
    started(stubbed)
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    assert run(file, "--resume").exit_code == 0
    assert tokens[0] == tokens[1]


@pytest.mark.parametrize(("status", "imported"), [("FAILED", 3), ("CANCELLED", 0), ("COMPLETED", 4)], ids=str)
def test_an_import_that_is_not_complete_is_reported_and_begun_anew_by_resume(
    stubbed, s3, file, monkeypatch, status, imported
):
    tokens = []
    call = aws_calls.AwsCalls.call

    def noted(calls, operation, **arguments):
        if operation == "import_table":
            tokens.append(arguments["ClientToken"])
        return call(calls, operation, **arguments)

    monkeypatch.setattr(aws_calls.AwsCalls, "call", noted)
    is_new(stubbed)
    started(stubbed)
    failure = {"FailureCode": "ItemValidationError", "FailureMessage": "Some of the items failed"}
    described(stubbed, status, ImportedItemCount=imported, **(failure if status == "FAILED" else {}))
    result = run(file)
    assert result.exit_code == 2
    assert f"DynamoDB's import ended as {status}" in result.stderr
    assert ("ItemValidationError: Some of the items failed" in result.stderr) == (status == "FAILED")
    assert f"{imported} of 5 devices" in result.stderr
    assert len(keys(s3)) == 1
    started(stubbed)
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    assert run(file, "--resume").exit_code == 0
    assert len(set(tokens)) == 2


def test_what_can_not_be_deleted_is_reported_and_the_devices_are_in_the_table(stubbed, s3, file, monkeypatch):
    refused = {"Errors": [{"Code": "AccessDenied"}]}
    monkeypatch.setattr(s3, "delete_objects", lambda **_: refused)
    is_new(stubbed)
    started(stubbed)
    described(stubbed, "COMPLETED", ImportedItemCount=5)
    recovery_is_switched_on(stubbed)
    result = run(file)
    assert result.exit_code == 2
    assert "5 devices are in the new table" in result.stderr
    assert "can't be deleted: AccessDenied: delete it, it names your devices" in result.stderr


def test_an_import_by_one_way_is_not_resumed_by_the_other(stubbed, file):
    is_new(stubbed)
    started(stubbed)
    described(stubbed, "FAILED")
    assert run(file).exit_code == 2
    arguments = ["devices", "import", str(file), "--table", TABLE, "--resume"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert f"is an import with --table {TABLE} --via s3-import --bucket {BUCKET}: give that" in result.stderr


def test_it_needs_a_bucket(file):
    arguments = ["devices", "import", str(file), "--table", TABLE, "--via", "s3-import"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stderr) == (2, "--via s3-import: needs a --bucket\n")


@pytest.mark.parametrize(("many", "is_told"), [(4, True), (5, False)])
def test_who_writes_very_many_devices_is_told_of_it(dynamodb, file, monkeypatch, many, is_told):
    monkeypatch.setattr(importing, "MANY", many)
    monkeypatch.setattr(AllowListTable, "write", lambda *_: True)
    arguments = ["devices", "import", str(file), "--table", TABLE]
    result = CliRunner().invoke(app, arguments)
    assert ("--via s3-import lets DynamoDB create a new table" in result.stderr) == is_told


def test_a_bucket_that_cannot_be_asked_leaves_nothing(stubbed, file, monkeypatch):
    is_new(stubbed)
    made = aws_calls.AwsCalls._made

    def refused(calls):
        if calls._service == "s3":
            raise UnreadableError("no way to S3")
        return made(calls)

    monkeypatch.setattr(aws_calls.AwsCalls, "_made", refused)
    result = run(file)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "no way to S3")
    assert [path.name for path in file.parent.iterdir()] == ["devices.csv"]
