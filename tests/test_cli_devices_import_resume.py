"""Imports that ended early, and go on, against the emulator's DynamoDB."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from device_provisioning.allow_list.rows import read_rows
from device_provisioning.allow_list.staging import Staging
from device_provisioning.allow_list.table import AllowListTable
from device_provisioning.console.aws_calls import AwsCalls
from device_provisioning.console.sources import UnreadableError
from tests.support.allow_list_command import NAME, a_file, items, left, run


def test_an_import_goes_on_where_it_ended_and_writes_nothing_twice(list_table, tmp_path, monkeypatch):
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
    assert "200 devices written, 250 left: continue with --resume" in first.stderr
    again = run("import", file, "--table", NAME)
    assert again.exit_code == 2
    assert "give --resume" in again.stderr
    monkeypatch.setattr(AllowListTable, "write", counted_write)
    assert run("import", file, "--table", NAME, "--resume").exit_code == 0
    assert len(items(list_table)) == len(written) == len(set(written)) == 450
    assert left(tmp_path) == ["devices.csv"]


def test_a_disk_that_is_full_while_devices_are_written_says_how_to_go_on(list_table, tmp_path, monkeypatch):
    file = a_file(tmp_path, "serial_number\n" + "".join(f"A-{number}\n" for number in range(450)))
    batches, mark_written = [], Staging.mark_written

    def marked(staging, devices):
        batches.append(devices)
        if len(batches) == 3:
            raise sqlite3.OperationalError("database or disk is full")
        mark_written(staging, devices)

    monkeypatch.setattr(Staging, "mark_written", marked)
    first = run("import", file, "--table", NAME, "--parallel", 1)
    assert first.exit_code == 2
    assert first.stderr.splitlines()[-1] == (
        f"{file}.import: cannot be written: database or disk is full: make room, and continue with --resume"
    )
    assert run("import", file, "--table", NAME, "--resume").exit_code == 0
    assert len(items(list_table)) == 450
    assert left(tmp_path) == ["devices.csv"]


def test_what_fails_as_a_batch_is_marked_leaves_no_transaction_open(tmp_path):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    with Staging(str(file), "", resume=False) as staging:
        list(staging.take(read_rows(str(file))))
        ((device,),) = staging.unwritten(10)
        with pytest.raises(AttributeError):
            staging.mark_written([device, None])
        staging.mark_written([device])
        assert staging.count(written=True) == 1


@pytest.mark.parametrize("problem", [None, KeyboardInterrupt])
def test_an_import_that_ends_before_it_asks_the_table_says_what_is_left(tmp_path, monkeypatch, problem):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    if problem:
        monkeypatch.setattr(AwsCalls, "_made", lambda _: _raise(problem))
    arguments = ("import", file, "--table", NAME, "--serial-number-pattern", "A-[0-9]+")
    ended = run(*arguments)
    if problem:
        assert ended.exit_code == 130
        assert "0 devices written, 1 left: continue with --resume" in ended.stderr
        assert left(tmp_path) == ["devices.csv", "devices.csv.import"]
    else:
        assert ended.exit_code == 2
        assert "no AWS Region is chosen" in ended.stderr
        assert ended.stderr.splitlines()[-1] == "nothing was written"
        assert left(tmp_path) == ["devices.csv"]


def _raise(problem):
    raise problem


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
        "file": "changed since its import began",
        "table": "is an import with --table another: give that",
        "missing": "there is nothing to resume",
        "garbage": "is not an import of this command",
    }
    assert result.exit_code == 2
    assert texts[change] in result.stderr


@pytest.mark.timeout(30)
@pytest.mark.parametrize("resume", [[], ["--resume"]])
@pytest.mark.parametrize(
    "put",
    [
        os.mkdir,
        os.mkfifo,
        lambda place: place.symlink_to(os.devnull),
        lambda place: place.symlink_to(place),
        lambda place: place.symlink_to("nowhere"),
    ],
    ids=["folder", "pipe", "device", "loop", "dangling"],
)
def test_what_is_no_file_where_progress_is_to_be_kept_is_named_and_stays(tmp_path, put, resume):
    file = a_file(tmp_path, "serial_number\nA-1\n")
    place = tmp_path / "devices.csv.import"
    put(place)
    before = place.lstat()
    result = run("import", file, "--table", NAME, *resume)
    assert result.exit_code == 2
    assert result.stderr.startswith(
        f"{place}: is not a regular file, and the progress of the import is to be"
    )
    assert (place.lstat().st_ino, place.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert left(tmp_path) == ["devices.csv", "devices.csv.import"]
    assert run("import", file, "--table", NAME, "--validate-only").exit_code == 0


def test_ctrl_c_leaves_an_import_that_can_be_resumed(list_table, emulator, tmp_path):
    rows = "".join(f"A-{number}\n" for number in range(20000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "devices", "import", file]
    process = subprocess.Popen(
        [*command, "--table", NAME],
        env={**os.environ, **emulator.environment()},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list_table.scan(TableName=NAME, Limit=1)["Items"]:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130, told
    assert "continue with --resume" in told
    assert "Traceback" not in told
    number = int(told.split("interrupted: ")[1].split(" devices")[0].replace(",", ""))
    assert len(items(list_table)) == number < 20000


def test_rows_that_were_rejected_count_when_an_import_is_resumed(list_table, tmp_path, monkeypatch):
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


def test_a_file_with_rejected_rows_is_not_written_because_it_is_resumed(list_table, tmp_path, monkeypatch):
    file = a_file(tmp_path, "serial_number\nA-1\nA 2\n")
    monkeypatch.setattr(AllowListTable, "__init__", lambda *_: pytest.fail("the table is asked"))
    with Staging(str(file), f"--table {NAME}", resume=False) as staging:
        assert len(list(staging.take(read_rows(str(file))))) == 1
    result = run("import", file, "--table", NAME, "--resume")
    assert result.exit_code == 1
    assert "give --skip-rejects" in result.stderr


def test_a_process_that_was_killed_is_taken_up_again(list_table, emulator, tmp_path):
    rows = "".join(f"A-{number}\n" for number in range(5000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "devices", "import", file]
    process = subprocess.Popen([*command, "--table", NAME], env={**os.environ, **emulator.environment()})
    while not list_table.scan(TableName=NAME, Limit=1)["Items"]:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert run("import", file, "--table", NAME, "--resume").exit_code == 0
    assert len(items(list_table)) == 5000
    assert left(tmp_path) == ["devices.csv"]
