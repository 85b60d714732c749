"""The ready stack with what can be added to it, on the emulator that enforces IAM."""

import json
import time
from pathlib import Path

import pytest
from aws_cdk import App
from awscrt import mqtt
from awscrt.exceptions import AwsCrtError
from typer.testing import CliRunner

from device_provisioning.aws_iot.certificate_rotation import confirmation_topic
from device_provisioning.cli import app as command
from stacks.fleet_provisioning import FleetProvisioningStack
from stacks.trusted_user import TrustedUserStack
from tests.support.detaching import settled
from tests.support.fleets import DeployedFleet
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly, device
from workshop.emulator import ACCOUNT, Emulator


@pytest.fixture(scope="module")
def emulator():
    """One of its own, so that nothing has to be taken away afterwards."""
    with Emulator(enforce_iam=True) as running:
        yield running


@pytest.fixture(scope="module")
def outputs(emulator, tmp_path_factory):
    """A fleet whose devices replace their own certificates, and a trusted user."""
    folder = tmp_path_factory.mktemp("cdk.out")
    app = App(outdir=str(folder))
    fleet = FleetProvisioningStack(app, "Ready", env=IRELAND, disposable=True, certificate_rotation=True)
    account = f"arn:aws:iam::{ACCOUNT}:root"
    TrustedUserStack(app, "User", env=IRELAND, template_name=fleet.template_name, principal_arn=account)
    app.synth()
    outputs = {name: cloud_assembly.deploy(emulator, folder, name) for name in ("Ready", "User")}
    let_the_retirement_detach(emulator)
    return outputs


def let_the_retirement_detach(emulator):
    """AWS authorises it on the certificate, the emulator on another resource."""
    iam = emulator.client("iam")
    (role,) = [r["RoleName"] for r in iam.list_roles()["Roles"] if "Retirement" in r["RoleName"]]
    statement = {"Effect": "Allow", "Action": "iot:DetachPolicy", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName="Emulator", PolicyDocument=document)


@pytest.fixture(scope="module")
def fleet(emulator, outputs):
    return DeployedFleet.from_outputs(emulator, outputs["Ready"])


@pytest.fixture
def trusted_user(emulator, outputs, monkeypatch):
    """Let the command act as the trusted user, who has the role and nothing else."""
    assumed = emulator.client("sts").assume_role(
        RoleArn=outputs["User"]["RoleArn"], RoleSessionName="technician"
    )["Credentials"]
    environment = emulator.environment() | {
        "AWS_ACCESS_KEY_ID": assumed["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": assumed["SecretAccessKey"],
        "AWS_SESSION_TOKEN": assumed["SessionToken"],
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def claim(template_name, folder):
    return CliRunner().invoke(command, ["claim", template_name, "--out", str(folder)])


@pytest.mark.usefixtures("trusted_user")
def test_a_trusted_user_gets_a_claim_with_which_a_device_enrols(fleet, tmp_path):
    assert claim(fleet.template_name, tmp_path).exit_code == 0
    credentials = device.Credentials(
        Path(tmp_path, "claim.pem").read_text(), Path(tmp_path, "claim.key").read_text()
    )
    serial_number = fleet.a_serial_number()
    enrolled = device.provision(
        fleet.broker, credentials, fleet.template_name, {"SerialNumber": serial_number}
    )
    assert enrolled.thing_name == f"sensor-{serial_number}"


@pytest.mark.usefixtures("trusted_user")
def test_a_trusted_user_of_one_template_gets_no_claim_for_another(outputs, tmp_path):
    refused = claim(outputs["Ready"]["RotationTemplateName"], tmp_path)
    assert refused.exit_code == 2
    (line,) = refused.stderr.splitlines()
    assert line.endswith("you need iot:CreateProvisioningClaim")
    assert list(tmp_path.iterdir()) == []


def test_a_device_replaces_its_own_certificate_and_no_other_device_can(fleet, outputs):
    template_name = outputs["Ready"]["RotationTemplateName"]
    serial_number, other = fleet.a_serial_number(), fleet.a_serial_number()
    before, stranger = fleet.provision(serial_number, Site=None), fleet.provision(other, Site=None)
    parameters = {"SerialNumber": serial_number}
    with pytest.raises(device.Rejected):
        device.provision(
            fleet.broker, stranger.credentials, template_name, parameters, client_id=stranger.thing_name
        )
    name = before.thing_name
    after = device.provision(fleet.broker, before.credentials, template_name, parameters, client_id=name)
    assert after.thing_name == name
    with device.connected(fleet.broker, after.credentials, name) as connection:
        topic = confirmation_topic(template_name, name)
        connection.publish(topic, b"{}", mqtt.QoS.AT_LEAST_ONCE)[0].result(60)
        until = time.monotonic() + 60
        while len(fleet.principals(name)) > 1 and time.monotonic() < until:
            time.sleep(0.1)
    assert [arn.rpartition("/")[2] for arn in fleet.principals(name)] == [after.certificate_id]
    assert fleet.certificate_status(before.certificate_id) == "INACTIVE"
    assert settled(lambda: fleet.policies(before.certificate_id)) == set()
    assert fleet.policies(after.certificate_id) == fleet.policies(stranger.certificate_id)
    assert device.send_to_itself(fleet.broker, after.credentials, name, f"dt/{name}/state") >= 0
    with pytest.raises(AwsCrtError), device.connected(fleet.broker, before.credentials, name):
        pass
