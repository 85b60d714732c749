"""Devices that are shown, exported, restored and blocked, against the emulator's DynamoDB."""

import json

import pytest

from device_provisioning.records import calls
from device_provisioning.records.record import binding
from tests.support.allow_list_command import NAME, a_file, items, run
from tests.support.faulty_wire import Fault


def test_a_device_that_registered_is_shown_with_its_thing_and_certificate(list_table, emulator):
    iot = emulator.client("iot")
    made = iot.create_keys_and_certificate(setAsActive=True)
    iot.create_thing(thingName="shown-A-1")
    iot.attach_thing_principal(thingName="shown-A-1", principal=made["certificateArn"])
    record = {"certificate_id": {"S": made["certificateId"]}, "claimed_at": {"N": "1798761600"}}
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}, **record})
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-2"}, "blocked": {"BOOL": True}})
    assert run("show", "A-1", "A-2", "--table", NAME).stdout.splitlines() == [
        f"A-1: registered as shown-A-1 with certificate {made['certificateId']} on 2027-01-01 00:00:00 UTC",
        "A-2: listed and never registered; blocked",
    ]


def test_no_verb_meets_the_items_of_certificates(list_table, tmp_path):
    item = binding("c" * 64, "A-1", 0)
    serial_number = item["serial_number"]["S"]
    list_table.put_item(TableName=NAME, Item=item)
    for verb in ("show", "block", "unblock"):
        result = run(verb, serial_number, "--table", NAME)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "is not on the list" in result.stderr
    out = tmp_path / "list.jsonl"
    assert run("export", "--table", NAME, "--out", out).exit_code == 0
    assert out.read_text() == ""
    rows = a_file(tmp_path, json.dumps({"serial_number": serial_number}), "devices.jsonl")
    assert run("import", rows, "--table", NAME).exit_code == 1
    assert "has a leading space" in (tmp_path / "devices.jsonl.rejects.csv").read_text()
    by_s3 = ["--via", "s3-import", "--bucket", "lists", "--validate-only"]
    assert run("import", rows, "--table", NAME, *by_s3).exit_code == 1
    assert items(list_table) == {serial_number: item}


def test_devices_are_shown_exported_blocked_and_unblocked(list_table, tmp_path):
    assert run("import", a_file(tmp_path, "serial_number\nA-1\nA-2\n"), "--table", NAME).exit_code == 0
    assert run("block", "A-1", "--table", NAME).exit_code == 0
    shown = run("show", "A-1", "A-3", "--table", NAME, "--format", "json")
    assert shown.exit_code == 1
    assert json.loads(shown.stdout) == {"serial_number": "A-1", "blocked": True}
    assert "A-3: is not on the list" in shown.stderr
    assert run("unblock", "A-1", "--table", NAME).exit_code == 0
    out = tmp_path / "list.jsonl"
    assert run("export", "--table", NAME, "--out", out).exit_code == 0
    exported = {record["serial_number"]: record for record in map(json.loads, out.read_text().splitlines())}
    assert exported == {name: {"serial_number": name, "blocked": False} for name in ("A-1", "A-2")}


USED = {
    "serial_number": {"S": "A-1"},
    "blocked": {"BOOL": False},
    "certificate_id": {"S": "c" * 64},
    "parameter_overrides": {"M": {"Site": {"S": "plant7"}}},
    "registered_at": {"N": "1790000000"},
    "reprovisioned": {"N": "2"},
}


@pytest.fixture
def exported(list_table, tmp_path):
    list_table.put_item(TableName=NAME, Item=USED)
    for number in range(2, 202):
        list_table.put_item(
            TableName=NAME, Item={"serial_number": {"S": f"A-{number}"}, "blocked": {"BOOL": True}}
        )
    out = tmp_path / "list.jsonl"
    assert run("export", "--table", NAME, "--out", out).exit_code == 0
    return out


def test_an_export_restores_records_that_are_gone_and_nothing_that_is_newer(list_table, exported):
    before = items(list_table)
    for number in (1, 2, 3):
        list_table.delete_item(TableName=NAME, Key={"serial_number": {"S": f"A-{number}"}})
    newer = {"serial_number": {"S": "A-4"}, "blocked": {"BOOL": False}, "certificate_id": {"S": "d" * 64}}
    list_table.put_item(TableName=NAME, Item=newer)
    tried = run("import", exported, "--table", NAME, "--restore", "--dry-run")
    assert "would add 3 devices and leave 198 unchanged" in tried.stderr
    result = run("import", exported, "--table", NAME, "--restore")
    assert result.exit_code == 0, result.stderr
    assert items(list_table) == {**before, "A-4": newer}
    assert "201 devices written, 198 of them already on the list and left unchanged" in result.stderr


def test_an_export_is_not_imported_as_a_list_by_mistake(list_table, exported):
    result = run("import", exported, "--table", NAME)
    assert result.exit_code == 1
    rejects = exported.with_name("list.jsonl.rejects.csv").read_text()
    assert "is not a column of a list: give --restore for a file that export wrote" in rejects


def test_only_an_export_is_restored(tmp_path):
    result = run("import", a_file(tmp_path, "serial_number\nA-1\n"), "--table", NAME, "--restore")
    assert result.exit_code == 2
    assert "give the .jsonl file that export wrote" in result.stderr


def test_a_device_that_is_not_on_the_list_is_not_put_there_by_blocking_it(list_table):
    assert run("block", "A-9", "--table", NAME).exit_code == 1
    assert items(list_table) == {}


@pytest.mark.parametrize("verb", ["block", "unblock"])
def test_a_device_that_asks_again_and_again_keeps_no_operator_from_blocking_it(list_table, list_wire, verb):
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}})
    list_wire.breaks("UpdateItem", Fault(400, "TransactionConflictException"), times=6)
    result = run(verb, "A-1", "--table", NAME)
    assert (result.exit_code, result.stderr) == (0, "")
    assert items(list_table)["A-1"]["blocked"] == {"BOOL": verb == "block"}


def test_a_block_that_meets_a_transaction_all_the_time_is_not_said_to_be_done(
    list_table, list_wire, monkeypatch
):
    monkeypatch.setattr(calls, "_PAUSE_SECONDS", (0, 0))
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}})
    list_wire.breaks("UpdateItem", Fault(400, "TransactionConflictException"), times=1000)
    result = run("block", "A-1", "--table", NAME)
    assert result.exit_code == 2
    assert "UpdateItem: TransactionConflictException" in result.stderr
    assert "wait a moment and try again" in result.stderr
