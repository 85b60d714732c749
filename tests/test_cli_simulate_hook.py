"""A pre-provisioning hook in the loop of ``device-provisioning simulate``."""

import json
import subprocess
import sys

import pytest

from device_provisioning.lambdas.pre_provisioning_hook import handler
from device_provisioning.simulation import hook_in_the_loop
from tests.support.simulated import DEFAULT, a_file, outcomes, simulate


def test_a_hook_decides_about_each_device(tmp_path, capfd, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    file = a_file(tmp_path, "devices.csv", "SerialNumber,Site\nA-1,lab\nA-2,nowhere\n")
    result = simulate(DEFAULT, "--devices", file, "--hook", "tests.support.hooks_for_simulation:by_site")
    allowed, denied = outcomes(result)
    assert "lab-by-hook" in json.dumps(allowed)
    assert denied["failures"] == [
        {"reason": "AccessDenied", "path": "", "problem": "the hook does not allow it"}
    ]
    assert "a hook may print" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("hook", "reason", "given"),
    [
        ("raises", "InvocationError", "LookupError: A-1"),
        ("exits", "InvocationError", "SystemExit: 1"),
        ("leaves", "InvocationError", "GeneratorExit: "),
        ("raises_without_words", "InvocationError", "Wordless"),
        ("ends_its_process", "InvocationError", "it ended its process with exit status 7"),
        ("answers_no_json", "InvocationError", "TypeError: Object of type object is not JSON serializable"),
    ],
)
def test_a_hook_that_fails_refuses_the_device(hook, reason, given):
    result = simulate(
        DEFAULT, "--device", "SerialNumber=A-1", "--hook", f"tests.support.hooks_for_simulation:{hook}"
    )
    (failure,) = outcomes(result)[0]["failures"]
    assert (failure["reason"], failure["given"]) == (reason, given)
    assert result.exit_code == 1


def test_a_hook_that_takes_longer_than_aws_iot_waits_refuses_the_device(monkeypatch):
    monkeypatch.setattr(hook_in_the_loop, "HOOK_TIMEOUT_SECONDS", 0.01)
    result = simulate(
        DEFAULT, "--device", "SerialNumber=A-1", "--hook", "tests.support.hooks_for_simulation:takes_a_while"
    )
    (failure,) = outcomes(result)[0]["failures"]
    assert failure["problem"] == "the hook took longer than 0.01 seconds"


@pytest.mark.parametrize("hook", ["writes_everywhere", "closes_standard_output"])
def test_a_hook_writes_nothing_between_the_outcomes_and_keeps_nobody(hook):
    program = [
        sys.executable,
        "-m",
        "device_provisioning.cli",
        "simulate",
        DEFAULT,
        "--device",
        "SerialNumber=A-1",
    ]
    arguments = ["--hook", f"tests.support.hooks_for_simulation:{hook}"]
    ran = subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert [json.loads(line)["result"] for line in ran.stdout.splitlines()] == ["provisioned"]
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("hook", ["ends_its_process", "hangs_for_one"])
def test_a_hook_that_is_ended_begins_anew_for_the_next_device(tmp_path, monkeypatch, hook):
    monkeypatch.setattr(hook_in_the_loop, "HOOK_TIMEOUT_SECONDS", 1)
    file = a_file(tmp_path, "devices.csv", "SerialNumber\nA-1\nA-2\n")
    name = f"tests.support.hooks_for_simulation:{hook}"
    ended, following = outcomes(simulate(DEFAULT, "--devices", file, "--hook", name))
    assert ended["failures"][0]["reason"] == "InvocationError"
    assert following["result"] == "provisioned"


def test_a_hook_gets_the_event_that_aws_iot_sends():
    result = simulate(
        DEFAULT,
        "--device",
        "SerialNumber=A-1",
        "--hook",
        "tests.support.hooks_for_simulation:echoes_the_event",
    )
    fields = "certificateId/certificatePem/claimCertificateId/clientId/templateArn"
    assert fields in json.dumps(outcomes(result)[0])


def test_a_hook_is_not_asked_about_what_is_no_text(tmp_path):
    file = a_file(tmp_path, "devices.jsonl", '{"SerialNumber": 7}')
    result = simulate(DEFAULT, "--devices", file, "--hook", "tests.support.hooks_for_simulation:raises")
    assert outcomes(result)[0]["failures"][0]["reason"] == "InvalidParameters"


def test_the_hook_of_this_library_runs_in_the_loop(monkeypatch):
    monkeypatch.delenv("ALLOW_LIST_TABLE_NAME", raising=False)
    name = "device_provisioning.lambdas.pre_provisioning_hook.handler:handler"
    (outcome,) = outcomes(simulate(DEFAULT, "--device", "SerialNumber=A-1", "--hook", name))
    assert outcome["failures"][0]["reason"] == "AccessDenied"


def test_the_hook_of_this_library_decides_by_a_list_in_the_emulator(emulator, tmp_path, monkeypatch):
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(
        TableName="simulated",
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    overrides = {"M": {"Site": {"S": "plant7"}}}
    listed = {"serial_number": {"S": "A-1"}, "parameter_overrides": overrides}
    dynamodb.put_item(TableName="simulated", Item=listed)
    for name, value in {**emulator.environment(), "ALLOW_LIST_TABLE_NAME": "simulated"}.items():
        monkeypatch.setenv(name, value)
    file = a_file(tmp_path, "devices.csv", "SerialNumber\nA-1\nA-2\nA-1\n")
    handler._client.cache_clear()
    result = simulate(DEFAULT, "--devices", file, "--hook", f"{handler.__name__}:handler")
    handler._client.cache_clear()
    first, unlisted, again = outcomes(result)
    assert "plant7" in json.dumps(first)
    assert [outcome["result"] for outcome in (first, unlisted, again)] == ["provisioned", "failed", "failed"]
