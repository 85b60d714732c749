"""Devices registered in bulk by the command, with what each engine deploys, on an emulator that enforces IAM.

Registration tasks are this project's extension of the emulator, by AWS's pages; what the lines of their
reports look like is documented nowhere.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from aws_cdk import App
from typer.testing import CliRunner

from device_provisioning.aws_iot import BulkTemplate
from device_provisioning.bulk import following
from device_provisioning.cli import app as command
from stacks.bulk_registration import BulkRegistrationStack
from tests.support.needing_engine import needs_engine
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly, device
from workshop.emulator import Emulator
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BODY = Path("tests/templates/bulk/valid-signing-request.json")
POLICY = "sensor-runtime"


class Done(NamedTuple):
    """How a task ended: the exit status, and what the command wrote."""

    task: str
    status: int
    ended: str
    errors: str


def on_cdk(emulator, folder):
    app = App(outdir=str(folder / "cdk.out"))
    body = BulkTemplate.from_document(json.loads(BODY.read_text()))
    BulkRegistrationStack(app, "Bulk", env=IRELAND, body=body)
    app.synth()
    return cloud_assembly.deploy(emulator, folder / "cdk.out", "Bulk")


def on_pulumi(emulator, folder):
    program = FLEET / "bulk_registration"
    outputs = stack_of(program, emulator, folder, settings={"body": BODY.read_text()}).up().outputs
    return {name: output.value for name, output in outputs.items()}


@pytest.fixture(scope="module", params=[on_cdk, pytest.param(on_pulumi, marks=needs_engine)])
def deployed(request, tmp_path_factory):
    """The emulator, with what was deployed to it and the policy of the body."""
    with Emulator(enforce_iam=True) as emulator:
        emulator.outputs = request.param(emulator, tmp_path_factory.mktemp("bulk"))
        # It refuses HTTP, which the emulator speaks.
        emulator.client("s3").delete_bucket_policy(Bucket=emulator.outputs["BucketName"])
        everything = {"Effect": "Allow", "Action": "iot:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
        emulator.client("iot").create_policy(policyName=POLICY, policyDocument=document)
        yield emulator


@pytest.fixture
def bulk(deployed, tmp_path, monkeypatch):
    """The verbs, as somebody runs them who trusts the CA of the emulator."""
    for name, value in deployed.environment().items():
        monkeypatch.setenv(name, value)
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(deployed.trust_store())
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setattr(following, "SECONDS_BETWEEN", 0.1)
    return lambda *words: CliRunner().invoke(command, ["bulk", *map(str, words)])


@pytest.fixture
def start(deployed, bulk, tmp_path):
    """Register devices by the command and wait for the task."""

    def start(devices):
        file = tmp_path / "devices.jsonl"
        file.write_text("\n".join(json.dumps(parameters) for parameters in devices))
        bucket, role = deployed.outputs["BucketName"], deployed.outputs["RoleArn"]
        done = bulk("start", file, "--template", BODY, "--bucket", bucket, "--role", role)
        started, _, ended = done.stdout.partition("\n")
        task = re.fullmatch(r"task (\S+) has been started", started)
        assert task, done.stderr
        return Done(task[1], done.exit_code, ended.strip(), done.stderr)

    return start


def test_every_line_becomes_a_thing_with_the_certificate_of_its_key(deployed, start):
    keys = {name: device.key_and_csr() for name in ("bulk-1", "bulk-2")}
    done = start({"ThingName": name, "CSR": csr} for name, (_, csr) in keys.items())
    assert (done.status, done.ended) == (0, "Completed: 2 registered, 0 failed")
    iot = deployed.client("iot")
    broker = device.Broker(deployed.mqtt_host, deployed.mqtt_port, deployed.trust_store())
    for name, (key, _) in keys.items():
        (principal,) = iot.list_thing_principals(thingName=name)["principals"]
        certificate = iot.describe_certificate(certificateId=principal.rpartition("/")[2])
        pem = certificate["certificateDescription"]["certificatePem"]
        assert device.send_to_itself(broker, device.Credentials(pem, key), name, f"dt/{name}") >= 0


def test_a_line_that_aws_iot_refuses_is_counted_and_the_others_are_registered(deployed, start):
    _, csr = device.key_and_csr()
    done = start([{"ThingName": "bulk-3", "CSR": "no CSR"}, {"ThingName": "bulk-4", "CSR": csr}])
    assert (done.status, done.ended) == (1, "Completed: 1 registered, 1 failed")
    names = {thing["thingName"] for thing in deployed.client("iot").list_things()["things"]}
    assert names >= {"bulk-4"}
    assert "bulk-3" not in names


def test_the_links_of_reports_are_followed_to_what_failed_and_what_was_registered(bulk, start):
    _, csr = device.key_and_csr()
    done = start([{"ThingName": "bulk-6", "CSR": csr}, {"ThingName": "bulk-7", "CSR": "no CSR"}])
    errors, results = bulk("report", done.task), bulk("report", done.task, "--results")
    assert (errors.exit_code, results.exit_code) == (0, 0), errors.stderr + results.stderr
    # The verb that followed the task has shown them, too.
    assert done.errors.endswith(errors.stdout)
    (failed,), (registered,) = (
        [json.loads(line) for line in ran.stdout.splitlines()] for ran in (errors, results)
    )
    assert failed["lineNumber"] == 2
    assert "CSR" in failed["errorMessage"]
    assert registered["lineNumber"] == 1
    assert registered["resourceArns"]["thing"].endswith(":thing/bulk-6")


def test_a_task_without_failures_has_a_report_of_none(bulk, start):
    _, csr = device.key_and_csr()
    reported = bulk("report", start([{"ThingName": "bulk-8", "CSR": csr}]).task)
    assert (reported.exit_code, reported.output) == (0, "")


def test_a_link_with_another_signature_reads_no_report(deployed, start):
    _, csr = device.key_and_csr()
    task = start([{"ThingName": "bulk-9", "CSR": csr}]).task
    asked = {"taskId": task, "reportType": "RESULTS"}
    (link,) = deployed.client("iot").list_thing_registration_task_reports(**asked)["resourceLinks"]
    signature = link.rpartition("=")[2]
    with pytest.raises(HTTPError, match="403"):
        urlopen(link.replace(signature, "0" * len(signature)))


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", "Failed: 0 registered, 0 failed: the role can't read the file, or there is none"),
        ("iot:CreateCertificateFromCsr", "Completed: 0 registered, 1 failed"),
        ("iot:CreateThing", "Completed: 0 registered, 1 failed"),
    ],
)
def test_a_task_has_the_rights_of_its_role_only(deployed, start, action, expected):
    iam, role = deployed.client("iam"), deployed.outputs["RoleArn"].rpartition("/")[2]
    denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="Denied", PolicyDocument=document)
    _, csr = device.key_and_csr()
    done = start([{"ThingName": "bulk-5", "CSR": csr}])
    iam.delete_role_policy(RoleName=role, PolicyName="Denied")
    assert (done.status, done.ended) == (1, expected)
