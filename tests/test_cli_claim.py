"""The verb ``claim`` of the command."""

import re
import stat

import pytest
from typer.testing import CliRunner

from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.cli import app
from device_provisioning.console.aws_calls import AwsCalls
from device_provisioning.console.aws_failures import NO_REGION
from workshop import device
from workshop.emulator import ACCOUNT

NAME = "claimed"


@pytest.fixture(autouse=True)
def environment(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def template(emulator):
    iot = emulator.client("iot")
    iot.create_policy(policyName=NAME, policyDocument='{"Version": "2012-10-17", "Statement": []}')
    iot.create_provisioning_template(
        templateName=NAME,
        templateBody=fleet_body(policy_name=NAME, thing_name_prefix="claimed-").to_json(),
        provisioningRoleArn=f"arn:aws:iam::{ACCOUNT}:role/provisioning",
        enabled=True,
    )
    yield NAME
    iot.delete_provisioning_template(templateName=NAME)


def run(*arguments):
    return CliRunner().invoke(app, ["claim", *arguments])


def test_a_device_enrols_with_the_claim_that_only_its_owner_can_read(template, emulator, tmp_path):
    result = run(template, "--out", str(tmp_path))
    assert result.exit_code == 0
    assert re.search(r"(4:5\d|5:00) left", result.stdout)
    files = [tmp_path / "claim.pem", tmp_path / "claim.key"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    broker = device.Broker(emulator.mqtt_host, emulator.mqtt_port, emulator.trust_store())
    claim = device.Credentials(files[0].read_text(), files[1].read_text())
    enrolled = device.provision(broker, claim, template, {"SerialNumber": "A-1"})
    assert enrolled.thing_name == "claimed-A-1"


def test_a_file_that_is_there_stays_and_no_claim_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    (tmp_path / "claim.key").write_text("mine")
    result = run("sensors", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "claim.key: already exists and will not be overwritten" in result.stderr
    assert (tmp_path / "claim.key").read_text() == "mine"


def test_a_template_that_is_not_there_is_one_line_that_says_what_to_do(tmp_path):
    result = run("nowhere", "--out", str(tmp_path / "claim"))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("nowhere: CreateProvisioningClaim: ResourceNotFoundException")
    assert line.endswith("and check account and Region (eu-west-1)")
    assert not (tmp_path / "claim").exists()


def test_a_missing_region_is_one_line_that_says_what_to_do(tmp_path, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    (line,) = run("sensors", "--out", str(tmp_path)).stderr.splitlines()
    assert line == f"sensors: {NO_REGION}"


@pytest.mark.parametrize("other", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_variable_chooses_the_region_alone(template, tmp_path, monkeypatch, other):
    monkeypatch.delenv(other)
    assert run(template, "--out", str(tmp_path)).exit_code == 0


def test_the_variable_of_other_tools_of_aws_comes_before_the_one_of_boto3(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert AwsCalls("sensors")._client.meta.region_name == "eu-central-1"


def test_an_empty_variable_chooses_no_region(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert AwsCalls("sensors")._client.meta.region_name == "eu-central-1"


def test_a_profile_that_does_not_exist_is_one_line_that_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    (line,) = run("sensors", "--out", str(tmp_path)).stderr.splitlines()
    assert line == (
        "sensors: The config profile (nobody) could not be found: give one that `aws configure list-profiles`"
        " shows by --profile or AWS_PROFILE"
    )
