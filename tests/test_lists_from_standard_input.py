"""Every verb that reads a list reads it from standard input too: ``-``."""

import json
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.simulated import DEFAULT, FOLDER
from tests.support.writing_verbs import Account

FLEET = str(FOLDER / "stack" / "DP004-holds-text.json")
BULK = str(FOLDER / "bulk" / "valid-signing-request.json")
CSV = "SerialNumber\nA-1\nA-2\n"
LINES = '\ufeff{"SerialNumber": "A-1"}\n{"SerialNumber": "A-2"}\n'
LIST = "serial_number,blocked\nS-1,true\nS-2,\n"
EXPORTED = '{"serial_number": "S-3", "certificate_id": "c", "registered_at": "2026-01-01T00:00:00Z"}\n'


def run(given, *arguments):
    return CliRunner().invoke(app, list(arguments), input=given)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def table(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    Account(emulator).give("table")
    return "written"


@pytest.mark.parametrize("given", [CSV, LINES], ids=["csv", "json-lines"])
def test_devices_to_simulate(given):
    result = run(given, "simulate", DEFAULT, "--devices", "-")
    assert [json.loads(line)["device"] for line in result.stdout.splitlines()] == [
        {"SerialNumber": "A-1"},
        {"SerialNumber": "A-2"},
    ]


def test_things_that_exist():
    given = run(CSV, "simulate", DEFAULT, "--devices", "-").stdout
    result = run(given, "simulate", DEFAULT, "--device", "SerialNumber=A-1", "--existing", "-")
    assert json.loads(result.stdout)["result"] in ("reprovisioned", "failed")


def test_devices_to_explain():
    assert "line 3: SerialNumber=A-2 provisioned" in run(CSV, "explain", FLEET, "--devices", "-").stdout


def test_subjects_to_issue_certificates_for(tmp_path):
    assert run("", "ca", "create", "--out", ".").exit_code == 0
    assert run("CommonName\nA-1\n", "ca", "issue", "-").exit_code == 0
    assert (tmp_path / "A-1.pem").exists()


def test_devices_to_register_in_bulk():
    given = "ThingName,CSR\npump 1,one\n"
    result = run(given, "bulk", "start", "-", "--template", BULK, "--bucket", "b", "--role", "r")
    assert result.exit_code == 2
    assert "-:2: " in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "-", "--devices", "-"],
        ["simulate", DEFAULT, "--devices", "-", "--existing", "-"],
        ["explain", "-", "--devices", "-"],
        ["devices", "import", "-", "--table", "t", "--template", "-"],
        ["bulk", "start", "-", "--template", "-", "--bucket", "b", "--role", "r"],
    ],
    ids=" ".join,
)
def test_standard_input_is_one_thing_only(arguments):
    result = run(CSV, *arguments)
    assert result.exit_code == 2
    assert "standard input can be read once" in result.stderr


def test_an_empty_standard_input_holds_no_device(table):
    for arguments in (
        ["simulate", DEFAULT, "--devices", "-"],
        ["devices", "import", "-", "--table", table],
        ["bulk", "start", "-", "--template", BULK, "--bucket", "b", "--role", "r"],
    ):
        result = run("", *arguments)
        assert result.exit_code == 2, arguments
        assert "-: " in result.stderr


def test_a_line_that_is_too_long_is_said_to_be_so_once():
    result = run("a" * 300_000, "devices", "import", "-", "--table", "t", "--validate-only")
    assert result.stderr == "-:1: is longer than 256000 bytes\n"


def test_devices_for_the_list(table, tmp_path):
    assert run(LIST, "devices", "import", "-", "--table", table).exit_code == 0
    exported = run("", "devices", "export", "--table", table).stdout
    records = {record["serial_number"]: record for record in map(json.loads, exported.splitlines())}
    assert records["S-1"]["blocked"]
    assert "S-2" in records
    assert run(EXPORTED, "devices", "import", "-", "--table", table, "--restore").exit_code == 0
    assert "2026-01-01" in run("", "devices", "export", "--table", table).stdout
    assert list(tmp_path.iterdir()) == []


def test_rejected_rows_of_standard_input_are_told_and_kept(table, tmp_path):
    result = run("serial_number\nA 1\n", "devices", "import", "-", "--table", table)
    assert result.exit_code == 1
    assert "devices.rejects.csv: the rejected rows" in result.stderr
    assert "A 1" in (tmp_path / "devices.rejects.csv").read_text()


@pytest.mark.parametrize("option", [["--resume"], ["--via", "s3-import", "--bucket", "b"]], ids=" ".join)
def test_standard_input_can_not_be_read_again(table, option):
    result = run(LIST, "devices", "import", "-", "--table", table, *option)
    assert result.exit_code == 2
    assert "standard input can't be read again: give a file" in result.stderr


def test_an_interrupted_import_of_standard_input_says_to_give_the_list_again(table, emulator, tmp_path):
    rows = "serial_number\n" + "".join(f"L-{n}\n" for n in range(2000))
    program = [sys.executable, "-m", "device_provisioning.cli", "devices", "import", "-", "--table", table]
    with faulty_wire(emulator) as wire:
        wire.breaks("TransactWriteItems", Fault(hangs=True), times=20)
        running = subprocess.Popen(
            program,
            env={**emulator.environment(), "AWS_ENDPOINT_URL": wire.url, "PATH": ""},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            running.stdin.write(rows)
            running.stdin.close()
            assert wire.held.wait(30)
            running.send_signal(signal.SIGTERM)
            said = running.stderr.read()
        finally:
            running.kill()
            running.wait()
            running.stderr.close()
    assert running.returncode == 130
    assert "2,000 left: give the whole list again" in said
    assert list(tmp_path.iterdir()) == []
