"""The verbs ``bulk …`` of the command.

AWS IoT is botocore's own model of the service, so that each test says what it answers.
"""

import errno
import io
import json
import os
import signal
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.stub import ANY, Stubber
from typer.testing import CliRunner

from device_provisioning.aws_iot import BulkTemplate, Certificate, Parameter, Policy, Thing, ref
from device_provisioning.bulk import following
from device_provisioning.cli import app
from device_provisioning.console import aws_calls, scratch

TASK = "3f0b6e0c-0000-4000-8000-000000000001"
ROLE = "arn:aws:iam::111122223333:role/bulk"
BODY = BulkTemplate(
    parameters={"ThingName": Parameter(), "Csr": Parameter()},
    thing=Thing(thing_name=ref("ThingName")),
    certificate=Certificate(certificate_signing_request=ref("Csr")),
    policies=[Policy(policy_name="pump")],
)
FIRST_LINE = "ThingName,Csr\n"
LINK = "https://reports.example/1?signature=secret"


@pytest.fixture
def service(monkeypatch):
    """AWS IoT as botocore models it: each test says which calls it expects."""
    monkeypatch.setattr(following, "SECONDS_BETWEEN", 0)
    client = boto3.client("iot", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def bucket(emulator):
    name = "bulk-files"
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield name
    for item in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=item["Key"])
    s3.delete_bucket(Bucket=name)


@pytest.fixture(autouse=True)
def clients(request, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def made(calls):
        return (
            request.getfixturevalue("service").client
            if calls._service == "iot"
            else request.getfixturevalue("emulator").client(calls._service)
        )

    monkeypatch.setattr(aws_calls.AwsCalls, "_made", made)


def described(service, **answer):
    service.add_response("describe_thing_registration_task", {"taskId": TASK, **answer}, {"taskId": TASK})


def reports(service, *links, kind="ERRORS", token=None, following_token=None):
    asked = {"taskId": TASK, "reportType": kind, **({"nextToken": token} if token else {})}
    answer = {"resourceLinks": list(links), **({"nextToken": following_token} if following_token else {})}
    service.add_response("list_thing_registration_task_reports", answer, asked)


def start(text, *more, body=BODY, bucket="bulk-files"):
    Path("body.json").write_text(body.to_json())
    Path("devices.csv").write_text(text)
    return run("start", "devices.csv", "--template", "body.json", "--bucket", bucket, "--role", ROLE, *more)


def run(*arguments):
    return CliRunner().invoke(app, ["bulk", *arguments])


class Answer(io.BytesIO):
    """An answer of a web server that promised so many bytes."""

    def __init__(self, content, promised):
        super().__init__(content)
        self.headers = {"Content-Length": str(promised)}


def serve(monkeypatch, content, promised=None):
    def urlopen(link, timeout):
        assert link == LINK
        if isinstance(content, Exception):
            raise content
        return Answer(content, len(content) if promised is None else promised)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)


def test_a_task_is_started_with_the_body_and_one_object_a_line(service, bucket, emulator):
    sent = {
        "templateBody": BODY.to_json(),
        "inputFileBucket": bucket,
        "inputFileKey": ANY,
        "roleArn": ROLE,
    }
    service.add_response("start_thing_registration_task", {"taskId": TASK}, sent)
    described(service, status="InProgress", percentageProgress=50)
    described(service, status="Completed", successCount=2, failureCount=0)
    result = start(FIRST_LINE + "pump-1,one\npump-2,two\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Completed: 2 registered, 0 failed" in result.stdout
    s3 = emulator.client("s3")
    (key,) = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    lines = s3.get_object(Bucket=bucket, Key=key)["Body"].read().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"ThingName": "pump-1", "Csr": "one"},
        {"ThingName": "pump-2", "Csr": "two"},
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (FIRST_LINE + "pump 1,one\n", "devices.csv:2: "),
        (FIRST_LINE + "pump-1,one\npump-2\n", "devices.csv:3: has another number of values"),
        (FIRST_LINE + ",one\n", "devices.csv:2: "),
        (FIRST_LINE, "devices.csv: contains no devices"),
        (FIRST_LINE + f"pump-1,{'€' * 50_000}\n", "characters as JSON: 256000 are allowed"),
    ],
)
def test_a_line_that_can_not_be_registered_is_reported_and_nothing_is_sent(text, problem):
    result = start(text, bucket="no-such-bucket")
    assert result.exit_code == 2
    assert problem in result.stderr


def test_all_bad_lines_are_reported_up_to_twenty():
    result = start(FIRST_LINE + "pump 1,one\n" * 25)
    assert len(result.stderr.splitlines()) == 21
    assert "5 more problems" in result.stderr


def test_a_body_that_breaks_a_rule_is_reported_and_nothing_is_sent():
    body = BulkTemplate.from_document({**BODY.document, "Mappings": {"A": {"B": {"C": "D"}}}})
    result = start(FIRST_LINE + "pump-1,one\n", body=body)
    assert result.exit_code == 2
    assert "body.json: " in result.stderr
    assert "DP009" in result.stderr


def test_a_bucket_that_is_not_there_is_one_line(emulator):
    result = start(FIRST_LINE + "pump-1,one\n", bucket="no-such-bucket")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("s3://no-such-bucket: PutObject: NoSuchBucket")
    assert line.endswith("check the name of the bucket, account and Region")


def test_devices_that_failed_are_reported_with_the_reason(service, monkeypatch):
    described(service, status="Completed", successCount=1, failureCount=1)
    reports(service, LINK)
    serve(monkeypatch, b'{"lineNumber":2,"response":"Thing type not found"}\n')
    result = run("status", TASK, "--follow")
    assert result.exit_code == 1
    assert "1 registered, 1 failed" in result.stdout
    assert "Thing type not found" in result.stderr
    assert "secret" not in result.output


def test_status_tells_how_far_a_running_task_is_and_does_not_wait(service):
    described(service, status="InProgress", percentageProgress=40, successCount=2)
    result = run("status", TASK)
    assert (result.exit_code, result.stdout) == (0, "InProgress, 40 %: 2 registered, 0 failed\n")


@pytest.mark.parametrize("status", ["Failed", "Cancelled"])
def test_a_task_that_ended_otherwise_is_reported_with_its_message(service, status):
    described(service, status=status, message="the role\x1b[2J can't be assumed")
    result = run("status", TASK)
    assert result.exit_code == 1
    assert f"{status}: 0 registered, 0 failed: the role\\x1b[2J can't be assumed" in result.stdout


def test_a_report_that_is_cut_off_is_no_report(service, monkeypatch):
    reports(service, LINK)
    serve(monkeypatch, b'{"line":1}\n{"line":2}\n{"li', promised=1_000_000)
    result = run("report", TASK)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a report was cut off after 26 of 1,000,000 bytes: ask for it again" in result.stderr


def test_report_writes_every_page(service, monkeypatch):
    reports(service, LINK, kind="RESULTS", following_token="next")
    reports(service, LINK, kind="RESULTS", token="next")
    serve(monkeypatch, b'{"a":1}\n{"b":2}\n')
    result = run("report", TASK, "--results")
    assert result.stdout.splitlines() == ['{"a":1}', '{"b":2}'] * 2


@pytest.mark.parametrize(
    ("link", "problem"), [("http://reports.example", "not of https"), (LINK, "can't be fetched: gone")]
)
def test_a_report_that_can_not_be_fetched_is_one_line_without_the_link(service, monkeypatch, link, problem):
    reports(service, link)
    serve(monkeypatch, urllib.error.URLError("gone"))
    result = run("report", TASK)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert problem in line
    assert "signature" not in line


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)), "Connection reset by peer"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_report_whose_connection_fails_is_reported_with_the_reason(service, monkeypatch, error, said):
    reports(service, LINK)
    serve(monkeypatch, error)
    result = run("report", TASK)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{TASK}: a report can't be fetched: {said}: ask for it again\n"


@pytest.fixture
def no_room(monkeypatch):
    """What is too large for memory finds no folder for temporary files."""
    monkeypatch.setattr(scratch, "BYTES_IN_MEMORY", 10)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")


NO_ROOM = (
    "the folder for temporary files: cannot be written: No such file or directory: make room, or set TMPDIR"
    " to another folder\n"
)


def test_a_report_that_there_is_no_room_for_is_not_taken_for_one_that_cannot_be_fetched(
    service, monkeypatch, no_room
):
    reports(service, LINK)
    serve(monkeypatch, b'{"line":1}\n{"line":2}\n')
    result = run("report", TASK)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", NO_ROOM)


def test_a_task_whose_file_there_is_no_room_for_is_not_started(no_room):
    result = start(FIRST_LINE + "pump-1,one\n")
    assert (result.exit_code, result.stderr) == (2, NO_ROOM)


def test_a_task_that_is_not_there_is_one_line(service):
    service.add_client_error("describe_thing_registration_task", "ResourceNotFoundException", "no task")
    (line,) = run("status", TASK).stderr.splitlines()
    assert line.startswith(f"{TASK}: DescribeThingRegistrationTask: ResourceNotFoundException: no task")
    assert line.endswith("`aws iot list-thing-registration-tasks`, and check account and Region (eu-west-1)")


def test_a_second_task_is_refused_in_one_line_that_says_what_to_do(service, bucket):
    service.add_client_error("start_thing_registration_task", "LimitExceededException", "one at a time")
    (line,) = start(FIRST_LINE + "pump-1,one\n").stderr.splitlines()
    assert "LimitExceededException: one at a time: " in line
    assert line.endswith("wait for it, or stop it with `aws iot stop-thing-registration-task`")


def test_ctrl_c_leaves_the_task_running_and_says_how_to_follow_it_again(service, monkeypatch):
    monkeypatch.setattr(following, "SECONDS_BETWEEN", 30)
    described(service, status="InProgress", percentageProgress=10)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    result = run("status", TASK, "--follow")
    timer.join()
    assert result.exit_code == 130
    assert f"bulk status {TASK} --follow follows it again" in result.stderr
