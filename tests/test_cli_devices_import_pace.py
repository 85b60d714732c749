"""Imports into tables that are busy, slow or get much, against the emulator's DynamoDB."""

import os
import re
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from device_provisioning.allow_list import writing
from device_provisioning.allow_list.table import AllowListTable
from device_provisioning.console import activity
from tests.support.allow_list_command import NAME, a_file, items, left, run
from tests.support.faulty_wire import Fault


def test_what_a_busy_table_did_not_take_is_written_later_and_less_at_once(list_table, tmp_path, monkeypatch):
    rows = "".join(f"A-{number}\n" for number in range(1000))
    calls = []
    write = AllowListTable.write

    def busy_write(table, devices):
        calls.append(devices[0].serial_number)
        return calls.count(devices[0].serial_number) > 1 and write(table, devices)

    monkeypatch.setattr(AllowListTable, "write", busy_write)
    monkeypatch.setattr(writing, "FIRST_PAUSE", 0)
    assert run("import", a_file(tmp_path, f"serial_number\n{rows}"), "--table", NAME).exit_code == 0
    assert len(calls) == 20
    assert len(items(list_table)) == 1000


@pytest.mark.slow
def test_a_table_that_stays_busy_is_said_to_be_so_and_ends_the_import_in_time(
    list_table, list_wire, tmp_path, monkeypatch
):
    monkeypatch.setattr(activity, "SECONDS_BETWEEN", 0.5)
    list_wire.breaks("TransactWriteItems", Fault(400, "ProvisionedThroughputExceededException"), times=10_000)
    rows = "".join(f"A-{number}\n" for number in range(20_000))
    file = a_file(tmp_path, f"serial_number\n{rows}")
    started = time.monotonic()
    result = run("import", file, "--table", NAME, "--give-up-after", 15)
    assert time.monotonic() - started < 60
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "nothing was written")
    assert re.search(r"0 written, allow-list is busy, giving up in \d+ s: 0 %", result.stderr)
    assert (
        "is too busy: it accepted nothing for 15 seconds: import later, or wait longer with" in result.stderr
    )
    assert list_wire.requests.count("TransactWriteItems") < 100
    assert left(tmp_path) == ["devices.csv"]


def test_a_table_that_was_busy_for_a_while_gets_every_device_once(list_table, list_wire, tmp_path):
    list_wire.breaks("TransactWriteItems", Fault(400, "ThrottlingException"), times=12)
    list_wire.breaks("TransactWriteItems", Fault(carried_out=True), times=2)
    file = a_file(tmp_path, "serial_number\n" + "".join(f"A-{number}\n" for number in range(1000)))
    assert run("import", file, "--table", NAME).exit_code == 0
    assert len(items(list_table)) == 1000


@pytest.mark.parametrize("reason", ["ThrottlingError", "TransactionConflict"])
def test_a_transaction_that_was_cancelled_for_being_busy_is_not_an_error(list_table, monkeypatch, reason):
    from device_provisioning.aws_iot import ListedDevice

    table = AllowListTable(NAME)
    error = table._calls._client.exceptions.TransactionCanceledException(
        {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [{"Code": reason}]},
        "TransactWriteItems",
    )

    def cancelled(**_):
        raise error

    monkeypatch.setattr(table._calls._client, "transact_write_items", cancelled)
    assert table.write([ListedDevice(serial_number="A-1")]) is False


def test_long_records_are_written_in_transactions_that_dynamodb_takes(list_table, tmp_path, monkeypatch):
    sizes = []
    write = AllowListTable.write

    def measured_write(table, devices):
        sizes.append(sum(len(device.model_dump_json()) for device in devices))
        return write(table, devices)

    monkeypatch.setattr(AllowListTable, "write", measured_write)
    rows = "".join(f"A-{number},{'x' * 100_000}\n" for number in range(60))
    file = a_file(tmp_path, f"serial_number,parameter_overrides.Note\n{rows}")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert len(items(list_table)) == 60
    assert len(sizes) > 1
    assert max(sizes) < 4_000_000


def test_a_terminal_shows_how_many_devices_are_written_in_a_second_and_the_time_left(
    list_table, emulator, tmp_path
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
