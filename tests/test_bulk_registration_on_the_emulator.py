"""Devices registered in bulk by the command, with what each engine deploys, on an emulator that enforces IAM.

Registration tasks are this project's extension of the emulator, by AWS's pages.
"""

import json
import re
from pathlib import Path

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
def start(deployed, tmp_path, monkeypatch):
    """Register devices by the command and wait for the task; the exit status, and how the task ended."""
    for name, value in deployed.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(following, "SECONDS_BETWEEN", 0.1)

    def start(devices):
        file = tmp_path / "devices.jsonl"
        file.write_text("\n".join(json.dumps(parameters) for parameters in devices))
        bucket, role = deployed.outputs["BucketName"], deployed.outputs["RoleArn"]
        words = ["bulk", "start", file, "--template", BODY, "--bucket", bucket, "--role", role]
        done = CliRunner().invoke(command, [str(word) for word in words])
        started, _, ended = done.stdout.partition("\n")
        assert re.fullmatch(r"task \S+ has been started", started), done.stderr
        return done.exit_code, ended.strip()

    return start


def test_every_line_becomes_a_thing_with_the_certificate_of_its_key(deployed, start):
    keys = {name: device.key_and_csr() for name in ("bulk-1", "bulk-2")}
    done = start({"ThingName": name, "CSR": csr} for name, (_, csr) in keys.items())
    assert done == (0, "Completed: 2 registered, 0 failed")
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
    assert done == (1, "Completed: 1 registered, 1 failed")
    names = {thing["thingName"] for thing in deployed.client("iot").list_things()["things"]}
    assert names >= {"bulk-4"}
    assert "bulk-3" not in names


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
    assert done == (1, expected)
