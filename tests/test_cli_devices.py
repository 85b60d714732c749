"""The allow list from the command line, against the emulator's DynamoDB."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.cli.allow_list import table as table_module
from device_provisioning.cli.allow_list.rows import read_rows
from device_provisioning.cli.allow_list.staging import Staging
from device_provisioning.cli.allow_list.table import AllowListTable
from device_provisioning.cli.sources import UnreadableError

NAME = "allow-list"


@pytest.fixture
def dynamodb(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    client = emulator.client("dynamodb")
    client.create_table(
        TableName=NAME,
        AttributeDefinitions=[{"AttributeName": "serial_number", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "serial_number", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    client.delete_table(TableName=NAME)


def run(*arguments):
    return CliRunner().invoke(app, ["devices", *map(str, arguments)])


def items(dynamodb):
    pages = dynamodb.get_paginator("scan").paginate(TableName=NAME)
    return {item["serial_number"]["S"]: item for page in pages for item in page["Items"]}


def a_file(folder, text, name="devices.csv"):
    file = folder / name
    file.write_text(text)
    return file


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_rows_of_csv_and_of_jsonl_become_the_same_records(dynamodb, tmp_path):
    rows = "serial_number,blocked,expires_at,parameter_overrides.Site\nA-1,,,\nA-2,true,1900000000,plant7\n"
    assert run("import", a_file(tmp_path, rows), "--table", NAME).exit_code == 0
    of_csv = items(dynamodb)
    lines = [
        {"serial_number": "A-1"},
        {
            "serial_number": "A-2",
            "blocked": True,
            "expires_at": 1900000000,
            "parameter_overrides": {"Site": "plant7"},
        },
    ]
    for name in of_csv:
        dynamodb.delete_item(TableName=NAME, Key={"serial_number": {"S": name}})
    file = a_file(tmp_path, "\n".join(map(json.dumps, lines)), "devices.jsonl")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(dynamodb) == of_csv
    assert of_csv["A-2"]["parameter_overrides"] == {"M": {"Site": {"S": "plant7"}}}
    assert left(tmp_path) == ["devices.csv", "devices.jsonl"]


def test_what_the_hook_wrote_and_what_the_file_does_not_say_stay(dynamodb, tmp_path):
    used = {
        "serial_number": {"S": "A-1"},
        "certificate_id": {"S": "c" * 64},
        "claimed_at": {"N": "1"},
        "blocked": {"BOOL": True},
    }
    dynamodb.put_item(TableName=NAME, Item=used)
    file = a_file(tmp_path, "serial_number,expires_at\nA-1,1900000000\n")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(dynamodb)["A-1"] == {**used, "expires_at": {"N": "1900000000"}}


def test_every_rejected_row_is_told_with_its_line_and_all_reasons_and_nothing_is_written(dynamodb, tmp_path):
    text = "serial_number,blocked,expires_at\nA-1,,\nA 2,maybe,0\nA-1,,\nA-4\n"
    result = run("import", a_file(tmp_path, text), "--table", NAME)
    assert result.exit_code == 1
    assert "1 devices are fine, 3 rows are rejected" in result.stderr
    assert "nothing is written" in result.stderr
    assert items(dynamodb) == {}
    with (tmp_path / "devices.csv.rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [reject["line"] for reject in rejects] == ["3", "4", "5"]
    assert all(name in rejects[0]["reasons"] for name in ("serial_number", "blocked", "expires_at"))
    assert "stands in line 2 too" in rejects[1]["reasons"]
    assert "has 1 values for 3 columns" in rejects[2]["reasons"]


def test_the_other_rows_are_written_when_rejects_are_to_be_skipped(dynamodb, tmp_path):
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    assert run("import", file, "--table", NAME, "--skip-rejects").exit_code == 1
    assert list(items(dynamodb)) == ["A-1"]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "devices.csv", "the first line is empty"),
        ("name\nA-1\n", "devices.csv", "name each column once, of serial_number, blocked"),
        ("serial_number\n", "devices.csv", "holds no device"),
        ("x", "devices.txt", "give a file that ends with .csv, .jsonl or .parquet"),
        (None, "devices.csv", "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line_and_leaves_nothing(tmp_path, text, name, message):
    file = tmp_path / name if text is None else a_file(tmp_path, text, name)
    result = run("import", file, "--table", NAME)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert left(tmp_path) == ([] if text is None else [name])


def test_a_null_says_nothing(dynamodb, tmp_path):
    record = {"serial_number": "A-1", "expires_at": None}
    file = a_file(tmp_path, json.dumps(record), "devices.jsonl")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert items(dynamodb)["A-1"] == {"serial_number": {"S": "A-1"}, "blocked": {"BOOL": False}}


def test_options_that_make_no_sense_together_are_told_all_at_once(tmp_path):
    more = ["--resume", "--dry-run", "--bucket", "lists", "--rejects", "devices.csv.import"]
    result = run("import", "devices.csv", "--table", NAME, *more)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "devices.csv.import: is used here: give another file for the rejects",
        "--resume: goes on with writing: leave out --validate-only and --dry-run",
        "--bucket and --encryption-key: are for --via s3-import",
    ]


@pytest.mark.parametrize("name", ["devices.csv", "./devices.csv", "devices.csv.import"])
def test_rejects_are_not_written_over_what_is_imported(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    result = run("import", "devices.csv", "--table", NAME, "--rejects", name)
    assert result.exit_code == 2
    assert "give another file for the rejects" in result.stderr
    assert file.read_text() == "serial_number\nA-1\nA 2\n"
    assert left(tmp_path) == ["devices.csv"]


def test_validating_calls_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(table_module, "_client", lambda _: pytest.fail("AWS is called"))
    file = a_file(tmp_path, "serial_number\nA-1\n")
    result = run("import", file, "--table", NAME, "--validate-only")
    assert (result.exit_code, left(tmp_path)) == (0, ["devices.csv"])
    assert "1 devices are fine" in result.stderr


def test_a_dry_run_tells_what_is_new_and_writes_nothing(dynamodb, tmp_path):
    dynamodb.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}})
    rows = "".join(f"A-{number}\n" for number in range(1, 251))
    result = run("import", a_file(tmp_path, f"serial_number\n{rows}"), "--table", NAME, "--dry-run")
    assert result.exit_code == 0
    assert "249 devices would be new on the list, 1 are on it" in result.stderr
    assert list(items(dynamodb)) == ["A-1"]


def test_a_table_that_is_not_there_is_told_in_one_line_and_leaves_nothing(emulator, tmp_path, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    result = run("import", a_file(tmp_path, "serial_number\nA-1\n"), "--table", "nowhere")
    assert result.exit_code == 2
    assert "look the name up in the stack's outputs" in result.stderr
    assert "nothing was written" in result.stderr
    assert left(tmp_path) == ["devices.csv"]


def test_an_import_goes_on_where_it_ended_and_writes_nothing_twice(dynamodb, tmp_path, monkeypatch):
    rows = "".join(f"A-{number}\n" for number in range(450))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    written = []
    write = AllowListTable.write

    def counted_write(table, devices):
        written.extend(device.serial_number for device in devices)
        return write(table, devices)

    def interrupted_write(table, devices):
        if len(written) == 200:
            raise UnreadableError("the connection is gone")
        return counted_write(table, devices)

    monkeypatch.setattr(AllowListTable, "write", interrupted_write)
    first = run("import", file, "--table", NAME, "--parallel", 1)
    assert first.exit_code == 2
    assert "the connection is gone" in first.stderr
    assert "200 devices are written and 250 are left: --resume goes on with them" in first.stderr
    again = run("import", file, "--table", NAME)
    assert again.exit_code == 2
    assert "give --resume" in again.stderr
    monkeypatch.setattr(AllowListTable, "write", counted_write)
    assert run("import", file, "--table", NAME, "--resume").exit_code == 0
    assert len(items(dynamodb)) == len(written) == len(set(written)) == 450
    assert left(tmp_path) == ["devices.csv"]


@pytest.mark.parametrize("change", ["file", "table", "missing", "garbage"])
def test_only_the_same_file_into_the_same_table_is_resumed(tmp_path, change):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    staged = tmp_path / "devices.csv.import"
    if change == "garbage":
        staged.write_text("no database at all, but long enough to be read as one" * 20)
    elif change != "missing":
        with Staging(str(file), f"--table {'another' if change == 'table' else NAME}", resume=False):
            pass
        if change == "file":
            file.write_text("serial_number\nA-1\nA-2\n")
    result = run("import", file, "--table", NAME, "--resume")
    texts = {
        "file": "changed since its import was interrupted",
        "table": "is an import with --table another: give that",
        "missing": "there is nothing to resume",
        "garbage": "is no import of this command",
    }
    assert result.exit_code == 2
    assert texts[change] in result.stderr


def test_what_a_busy_table_did_not_take_is_written_later_and_less_at_once(dynamodb, tmp_path, monkeypatch):
    rows = "".join(f"A-{number}\n" for number in range(1000))
    calls = []
    write = AllowListTable.write

    def busy_write(table, devices):
        calls.append(devices[0].serial_number)
        return calls.count(devices[0].serial_number) > 1 and write(table, devices)

    monkeypatch.setattr(AllowListTable, "write", busy_write)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    assert run("import", a_file(tmp_path, f"serial_number\n{rows}"), "--table", NAME).exit_code == 0
    assert len(calls) == 20
    assert len(items(dynamodb)) == 1000


def test_a_table_that_stays_busy_ends_the_import(dynamodb, tmp_path, monkeypatch):
    monkeypatch.setattr(AllowListTable, "write", lambda *_: False)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    result = run("import", a_file(tmp_path, "serial_number\nA-1\n"), "--table", NAME)
    assert result.exit_code == 2
    assert "is too busy" in result.stderr


@pytest.mark.parametrize("reason", ["ThrottlingError", "TransactionConflict"])
def test_a_transaction_that_was_cancelled_for_being_busy_is_not_an_error(dynamodb, monkeypatch, reason):
    from device_provisioning.aws_iot import ListedDevice

    table = AllowListTable(NAME)
    error = table._client.exceptions.TransactionCanceledException(
        {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [{"Code": reason}]},
        "TransactWriteItems",
    )

    def cancelled(**_):
        raise error

    monkeypatch.setattr(table._client, "transact_write_items", cancelled)
    assert table.write([ListedDevice(serial_number="A-1")]) is False


def test_ctrl_c_leaves_an_import_that_can_be_resumed(dynamodb, emulator, tmp_path):
    rows = "".join(f"A-{number}\n" for number in range(20000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "devices", "import", file]
    process = subprocess.Popen(
        [*command, "--table", NAME],
        env={**os.environ, **emulator.environment()},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not dynamodb.scan(TableName=NAME, Limit=1)["Items"]:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130, told
    assert "--resume goes on with them" in told
    assert "Traceback" not in told
    number = int(told.split("interrupted: ")[1].split(" devices")[0].replace(",", ""))
    assert len(items(dynamodb)) == number < 20000


def test_rows_that_were_rejected_count_when_an_import_is_resumed(dynamodb, tmp_path, monkeypatch):
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    write = AllowListTable.write

    def killed(table, devices):
        write(table, devices)
        raise KeyboardInterrupt

    monkeypatch.setattr(AllowListTable, "write", killed)
    run("import", file, "--table", NAME, "--skip-rejects")
    assert left(tmp_path) == ["devices.csv", "devices.csv.import", "devices.csv.rejects.csv"]
    monkeypatch.setattr(AllowListTable, "write", write)
    assert run("import", file, "--table", NAME, "--skip-rejects", "--resume").exit_code == 1


def test_a_file_with_rejected_rows_is_not_written_because_it_is_resumed(dynamodb, tmp_path, monkeypatch):
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    monkeypatch.setattr(AllowListTable, "__init__", lambda *_: pytest.fail("the table is asked"))
    with Staging(str(file), f"--table {NAME}", resume=False) as staging:
        assert len(list(staging.take(read_rows(str(file))))) == 1
    result = run("import", file, "--table", NAME, "--resume")
    assert result.exit_code == 1
    assert "give --skip-rejects" in result.stderr


def test_a_process_that_was_killed_is_taken_up_again(dynamodb, emulator, tmp_path):
    rows = "".join(f"A-{number}\n" for number in range(5000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "devices", "import", file]
    process = subprocess.Popen([*command, "--table", NAME], env={**os.environ, **emulator.environment()})
    while not dynamodb.scan(TableName=NAME, Limit=1)["Items"]:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert run("import", file, "--table", NAME, "--resume").exit_code == 0
    assert len(items(dynamodb)) == 5000
    assert left(tmp_path) == ["devices.csv"]


def test_long_records_are_written_in_transactions_that_dynamodb_takes(dynamodb, tmp_path, monkeypatch):
    sizes = []
    write = AllowListTable.write

    def measured_write(table, devices):
        sizes.append(sum(len(device.model_dump_json()) for device in devices))
        return write(table, devices)

    monkeypatch.setattr(AllowListTable, "write", measured_write)
    rows = "".join(f"A-{number},{'x' * 100_000}\n" for number in range(60))
    file = a_file(tmp_path, f"serial_number,parameter_overrides.Note\n{rows}")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert len(items(dynamodb)) == 60
    assert len(sizes) > 1
    assert max(sizes) < 4_000_000


def test_a_terminal_shows_how_many_devices_are_written_in_a_second_and_the_time_left(
    dynamodb, emulator, tmp_path
):
    import pty

    rows = "".join(f"A-{number}\n" for number in range(3000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "devices", "import", file]
    environment = {**os.environ, **emulator.environment(), "TERM": "xterm", "COLUMNS": "120"}
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*command, "--table", NAME, "--parallel", "1"], env=environment, stderr=slave, stdout=slave
    )
    os.close(slave)
    shown = b""
    with suppress(OSError):  # what a terminal whose process has ended answers
        while chunk := os.read(master, 65536):
            shown += chunk
    os.close(master)
    assert process.wait() == 0
    assert re.search(r"[\d,]+ checked, [1-9][\d,]*/s", shown.decode())
    assert re.search(r"[1-9][\d,]* written, [1-9][\d,]*/s\S* \S*\d:\d\d:\d\d", shown.decode())


def test_devices_are_shown_exported_blocked_and_unblocked(dynamodb, tmp_path):
    assert run("import", a_file(tmp_path, "serial_number\nA-1\nA-2\n"), "--table", NAME).exit_code == 0
    assert run("block", "A-1", "--table", NAME).exit_code == 0
    shown = run("show", "A-1", "A-3", "--table", NAME)
    assert shown.exit_code == 1
    assert json.loads(shown.stdout) == {"serial_number": "A-1", "blocked": True}
    assert "A-3: is not on the list" in shown.stderr
    assert run("unblock", "A-1", "--table", NAME).exit_code == 0
    out = tmp_path / "list.jsonl"
    assert run("export", "--table", NAME, "--out", out).exit_code == 0
    exported = {record["serial_number"]: record for record in map(json.loads, out.read_text().splitlines())}
    assert exported == {name: {"serial_number": name, "blocked": False} for name in ("A-1", "A-2")}


def test_a_device_that_is_not_on_the_list_is_not_put_there_by_blocking_it(dynamodb):
    assert run("block", "A-9", "--table", NAME).exit_code == 1
    assert items(dynamodb) == {}
