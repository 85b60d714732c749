"""Which account and Region every verb talks to, and what it reports where it can't."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import EndpointConnectionError
from typer.main import get_command
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.console import aws_place
from device_provisioning.console.aws_calls import AwsCalls
from device_provisioning.console.aws_failures import NO_REGION
from device_provisioning.console.sources import UnreadableError
from tests.support.proving import a_key, public_pem

REFUSED = "http://127.0.0.1:9"
ROLE = "arn:aws:iam::111122223333:role/bulk"
BODY = {
    "Parameters": {"SerialNumber": {"Type": "String"}},
    "Resources": {
        "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "SerialNumber"}}},
        "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateSigningRequest": "CSR"}},
    },
}
ASKS_NOBODY = {"plan"}
"""Its quotas depend on the Region."""
VERBS = {
    "adopt": "sensors --engine cdk --out adopted",
    "bulk report": "task",
    "bulk start": f"rows.csv --template body.json --bucket files --role {ROLE}",
    "bulk status": "task",
    "claim": "sensors --out claim",
    "devices block": "A-1 --table devices",
    "devices export": "--table devices --out list.jsonl",
    "devices import": "devices.csv --table devices",
    "devices release": "A-1 --table devices --yes",
    "devices revoke": "A-1 --table devices --trail trail.jsonl --yes",
    "devices show": "A-1 --table devices",
    "devices status": "--table devices",
    "devices unblock": "A-1 --table devices",
    "explain": "--template sensors",
    "greengrass config": "Edge --core gg-1 --out config.yaml",
    "panorama archive": "Cameras --out .",
    "devices batch close": "line-4 --table Devices",
    "devices batch list": "--table Devices",
    "devices batch open": "line-4 --table Devices",
    "devices batch show": "line-4 --table Devices",
    "devices derive-key": "A-1 --batch line-4 --key alias/line-4 --out keys",
    "devices sign": "--serial-number A-1 --public-key own.pem --batch b --kms-key alias/m --out A-1.proof",
    "devices verify": "A-1.proof --serial-number A-1 --public-key own.pem --kms-key alias/maker",
    "template diff": "sensors body.json",
    "template prune": "sensors --dry-run",
    "template rollback": "sensors --to 1 --yes",
    "template status": "sensors",
    "verify": "--yes",
}
"""Every verb that talks to AWS, with what it needs besides."""


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine with keys of its own and the profile ``plant``, without a Region."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    config = tmp_path / "aws"
    config.write_text(
        "[profile plant]\nregion = eu-central-1\naws_access_key_id = PLANT\naws_secret_access_key = x\n"
    )
    for name, value in {
        "AWS_ACCESS_KEY_ID": "MACHINE",
        "AWS_CONFIG_FILE": str(config),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": REFUSED,
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "A-1.proof").write_text("line-4.a2V5")
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    (tmp_path / "own.pem").write_text(public_pem(a_key()))
    (tmp_path / "devices.csv").write_text("serial_number\nA-1\n")
    (tmp_path / "rows.csv").write_text("SerialNumber\nA-1\n")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def aws(monkeypatch):
    """What answers every call with an error, and keeps who called."""
    called = []

    class Answering(BaseHTTPRequestHandler):
        answer = ("ResourceNotFoundException", "not found", 404)

        def handle_call(self):
            length = int(self.headers.get("Content-Length", 0))
            self.rfile.read(length)
            found = re.search(r"Credential=(\w+)/\d+/([^/]+)/", self.headers["Authorization"])
            called.append(found.groups())
            code, message, status = self.answer
            body = json.dumps({"__type": code, "message": message}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("x-amzn-errortype", code)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handle_call  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    server.called, server.answering = called, Answering
    yield server
    server.shutdown()
    server.server_close()


def run(verb, *options):
    return CliRunner().invoke(app, [*verb.split(), *VERBS[verb].split(), *options])


def verbs_with(option):
    def walk(command, path=()):
        children = getattr(command, "commands", {})
        for name, child in children.items():
            yield from walk(child, (*path, name))
        if not children and any(option in each.opts for each in command.params):
            yield " ".join(path)

    return set(walk(get_command(app)))


@pytest.mark.parametrize("option", ["--region", "--profile"])
def test_every_verb_that_talks_to_aws_has_both_options(option):
    assert verbs_with(option) - ASKS_NOBODY == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_region_every_verb_says_what_to_do(verb):
    result = run(verb)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith(NO_REGION)


WAYS = ["AWS_REGION", "AWS_DEFAULT_REGION", "--region", "--profile"]


@pytest.mark.parametrize(
    ("verb", "way"),
    [*((verb, "AWS_REGION") for verb in VERBS), *(("template status", way) for way in WAYS[1:])],
)
def test_either_variable_or_option_alone_chooses_the_region(verb, way, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    if way.startswith("AWS"):
        monkeypatch.setenv(way, "eu-central-1")
        options = []
    else:
        options = [way, "plant" if way == "--profile" else "eu-central-1"]
    result = run(verb, *options)
    assert result.exit_code == 2
    assert "check the Region (eu-central-1), the network, and AWS_ENDPOINT_URL" in result.stderr
    assert f"no connection to {REFUSED}: trying again" in result.stderr


def test_an_option_comes_before_the_variable(aws, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    run("template status", "--region", "eu-west-1")
    run("template status")
    assert aws.called == [("MACHINE", "eu-west-1"), ("MACHINE", "us-east-1")]


def test_the_credentials_of_a_profile_come_before_those_of_variables(aws):
    run("template status", "--profile", "plant")
    run("template status", "--region", "eu-west-1")
    assert aws.called == [("PLANT", "eu-central-1"), ("MACHINE", "eu-west-1")]


def test_other_tools_get_the_same_region_and_credentials(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with aws_place.chosen("eu-west-1", "plant"):
        given = aws_place.variables()
    assert (given["AWS_REGION"], given["AWS_DEFAULT_REGION"], given["AWS_PROFILE"]) == (
        "eu-west-1",
        "eu-west-1",
        "plant",
    )
    assert "AWS_ACCESS_KEY_ID" not in given
    assert aws_place.variables() == dict(os.environ)


def test_a_profile_that_is_unknown_is_one_line_that_says_what_to_do():
    result = run("template status", "--profile", "plnt", "--region", "eu-west-1")
    assert result.stderr.splitlines() == [
        "sensors: The config profile (plnt) could not be found: give one that `aws configure list-profiles`"
        " shows by --profile or AWS_PROFILE"
    ]


def test_without_credentials_every_verb_says_what_to_do(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = run("template status", "--region", "eu-west-1")
    assert result.stderr.splitlines() == [
        "sensors: Unable to locate credentials: give --profile, set AWS_PROFILE, or sign in, such as with"
        " `aws sso login`"
    ]


def test_credentials_that_have_expired_are_one_line_that_says_what_to_do(aws):
    aws.answering.answer = ("ExpiredTokenException", "The token has expired", 403)
    result = run("devices show", "--region", "eu-west-1")
    assert result.stderr.splitlines() == [
        "devices: GetItem: ExpiredTokenException: The token has expired: sign in again, such as with"
        " `aws sso login`, or give --profile"
    ]


@pytest.mark.parametrize(
    ("verb", "advice"),
    [
        ("template status", "look for it with `aws iot list-provisioning-templates`, and check account and"),
        ("devices show", "look the name of the table up in the stack's outputs, and check account and"),
    ],
)
def test_what_is_missing_is_said_with_where_and_what_to_do(aws, verb, advice):
    (line,) = run(verb, "--region", "eu-west-1").stderr.splitlines()
    assert line.endswith(f"ResourceNotFoundException: not found: {advice} Region (eu-west-1)")


@pytest.mark.usefixtures("aws")
def test_an_aws_that_was_reached_once_is_asked_as_often_as_before(monkeypatch, capsys):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "4")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    calls, lost = AwsCalls("sensors", settings={"retries": {"mode": "standard"}}), []
    assert calls.found("describe_provisioning_template", templateName="sensors") is None

    def lose(**_):
        lost.append(REFUSED)
        raise EndpointConnectionError(endpoint_url=REFUSED)

    monkeypatch.setattr("time.sleep", lambda _: None)
    calls._client.meta.events.register("before-send", lose)
    with pytest.raises(UnreadableError, match="Could not connect"):
        calls.call("describe_provisioning_template", templateName="sensors")
    assert len(lost) == 4
    assert "trying again" not in capsys.readouterr().err


def test_a_setting_of_boto3_that_is_none_is_one_line(monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "many")
    (line,) = run("template status", "--region", "eu-west-1").stderr.splitlines()
    assert line.startswith("sensors: invalid literal for int()")
    assert line.endswith("check --profile, --region and the variables of AWS that are set")


EMPTY = (
    "AWS_CA_BUNDLE",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_MAX_ATTEMPTS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_RETRY_MODE",
)


def test_variables_that_are_empty_count_as_not_set(aws):
    command = [sys.executable, "-m", "device_provisioning.cli", "template", "status", "sensors"]
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    environment = {**os.environ, **dict.fromkeys(EMPTY, ""), "AWS_ENDPOINT_URL_IOT": endpoint}
    ended = subprocess.run(
        [*command, "--region", "eu-west-1"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.stderr.count("\n") == 1
    assert "ResourceNotFoundException" in ended.stderr
    assert aws.called == [("MACHINE", "eu-west-1")]
