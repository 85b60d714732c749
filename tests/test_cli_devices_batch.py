"""Batches that are opened, closed and shown by the command, against the emulator's DynamoDB."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from device_provisioning.allow_list.batches import open_batch
from device_provisioning.records.batch import batch_key
from tests.support.allow_list_command import NAME, a_file, items, run
from tests.support.faulty_wire import Fault
from tests.support.hooks import Devices, a_request
from tests.support.proving import a_key, public_pem

CLAIM, OTHER = "c" * 64, "d" * 64


def batch(*arguments):
    return run("batch", *arguments, "--table", NAME)


def opened(*arguments):
    result = batch("open", "line-4", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def record(client, name="line-4"):
    return client.get_item(TableName=NAME, Key=batch_key(name)).get("Item")


def test_a_batch_is_opened_with_all_that_is_given(list_table, tmp_path):
    file = a_file(tmp_path, public_pem(a_key()), "maker.pub")
    when = ["--from", "2027-01-01", "--until", "2027-01-31T12:00Z"]
    claims = ["--claim", CLAIM, "--claim", OTHER]
    overrides = ["--override", "Site=plant7", "--override", "Note=a=b"]
    more = ["--quota", 500, "--reprovisioning", 2, "--public-key", file, "--without-list"]
    opened(*when, *claims, *overrides, *more)
    said = record(list_table)
    assert set(said.pop("claim_certificate_ids")["SS"]) == {CLAIM, OTHER}
    assert said == {
        **batch_key("line-4"),
        "is_open": {"BOOL": True},
        "device_quota": {"N": "500"},
        "opens_at": {"N": "1798761600"},
        "closes_at": {"N": "1801396800"},
        "reprovisioning": {"N": "2"},
        "parameter_overrides": {"M": {"Site": {"S": "plant7"}, "Note": {"S": "a=b"}}},
        "public_key": {"S": file.read_text()},
        "without_list": {"BOOL": True},
    }


def test_what_the_command_opens_and_closes_the_hook_obeys(list_table):
    devices = Devices(list_table, NAME)
    opened("--quota", 1, "--claim", CLAIM)
    for number in (1, 2, 3):
        devices.put(f"A-{number}", batch_name={"S": "line-4"})
    assert devices.outcome(a_request("A-1")) == (True, "listed")
    assert devices.outcome(a_request("A-2")) == (False, "its batch is full")
    assert devices.outcome(a_request("A-2", claimCertificateId=OTHER))[0] is False
    opened("--quota", 5)
    assert devices.outcome(a_request("A-2")) == (True, "listed")
    assert batch("close", "line-4").exit_code == 0
    assert devices.outcome(a_request("A-3")) == (False, "its batch is not open")
    assert opened() == "line-4: open is yes, was no\n"
    assert devices.outcome(a_request("A-3")) == (True, "listed")
    assert batch("show", "line-4").stdout == f"line-4: open; 3 of 5 devices enrolled; claims {CLAIM}\n"


def test_opening_again_changes_only_what_is_given_and_says_what(list_table):
    opened("--quota", 100, "--until", "2027-01-31", "--override", "Site=plant7")
    list_table.update_item(
        TableName=NAME,
        Key=batch_key("line-4"),
        UpdateExpression="SET devices_enrolled = :seven",
        ExpressionAttributeValues={":seven": {"N": "7"}},
    )
    before = record(list_table)
    assert opened("--quota", 500) == "line-4: quota is 500, was 100\n"
    assert record(list_table) == {**before, "device_quota": {"N": "500"}}
    assert opened("--quota", 500) == "line-4: is open: nothing has changed\n"
    assert opened("--unset", "quota", "--unset", "override", "--unset", "until").splitlines() == [
        "line-4: quota is none, was 500",
        "line-4: until is none, was 2027-01-31 00:00:00 UTC",
        "line-4: overrides is none, was Site=plant7",
    ]
    left = {"is_open": {"BOOL": True}, "devices_enrolled": {"N": "7"}}
    assert record(list_table) == {**batch_key("line-4"), **left}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--quota", "0"], "line-4: --quota 0: input should be greater than or equal to 1"),
        (["--from", "tomorrow"], "line-4: --from tomorrow: is neither a date nor a second since 1970"),
        (["--until", "2027-01-31T12:00"], "line-4: --until 2027-01-31T12:00: has no time zone"),
        (["--from", "2027-02-01", "--until", "2027-01-01"], "line-4: --until is not after --from"),
        (["--claim", "C"], "line-4: --claim C: is not the id of a certificate"),
        (["--reprovisioning", "ONCE"], "line-4: --reprovisioning ONCE: give NEVER, ALLOW or how many times"),
        (["--override", "Site"], "--override 'Site': give KEY=VALUE"),
        (["--override", "AWS::IoT::X=1"], "line-4: --override"),
        (["--public-key", "missing.pem"], "missing.pem: cannot be read"),
        (["--quota", "5", "--unset", "quota"], "--quota: is given and unset"),
    ],
)
def test_what_no_batch_can_say_is_refused_in_a_line_and_nothing_is_written(list_table, arguments, problem):
    result = batch("open", "line-4", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(problem), result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert record(list_table) is None


@pytest.mark.parametrize("name", ["line 4", " batch line-4", "x" * 65, "a/b"])
@pytest.mark.parametrize("verb", ["open", "close", "show"])
def test_a_name_that_no_batch_can_have_is_refused(list_table, verb, name):
    result = batch(verb, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not the name of a batch" in result.stderr
    assert items(list_table) == {}


def test_all_problems_of_a_batch_are_said_at_once(list_table):
    result = batch("open", "line-4", "--quota", "-1", "--claim", "x", "--until", "never")
    assert [line.split(":")[1].split()[0] for line in result.stderr.splitlines()] == [
        "--quota",
        "--until",
        "--claim",
    ]


def test_a_window_is_checked_with_the_end_that_the_batch_has_already(list_table):
    opened("--until", "2027-01-31")
    result = batch("open", "line-4", "--from", "2027-02-01")
    assert (result.exit_code, result.stderr) == (
        2,
        "line-4: --until is not after --from: it would never be open\n",
    )


def test_a_batch_that_there_is_not_is_neither_closed_nor_shown(list_table):
    for verb in ("close", "show"):
        result = batch(verb, "line-9")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"line-9: there is no such batch in {NAME}\n"
    assert items(list_table) == {}


def test_batches_are_listed_in_order_and_without_devices(list_table):
    list_table.put_item(TableName=NAME, Item={"serial_number": {"S": "A-1"}})
    for name in ("line-5", "line-4"):
        assert batch("open", name).exit_code == 0
    assert batch("close", "line-5").exit_code == 0
    assert batch("list").stdout.splitlines() == [
        "line-4: open; 0 devices enrolled",
        "line-5: closed; 0 devices enrolled",
    ]
    shown = [json.loads(line) for line in batch("list", "--format", "json").stdout.splitlines()]
    assert shown == [{"name": "line-4", "is_open": True}, {"name": "line-5", "is_open": False}]


def test_a_batch_is_shown_as_the_record_that_it_is(list_table):
    opened("--claim", OTHER, "--claim", CLAIM, "--until", "2027-01-31")
    assert json.loads(batch("show", "line-4", "--format", "json").stdout) == {
        "name": "line-4",
        "is_open": True,
        "claim_certificate_ids": [CLAIM, OTHER],
        "closes_at": 1801353600,
    }


def test_a_batch_is_closed_although_its_devices_write_to_it_all_the_time(list_table, list_wire):
    opened()
    list_wire.breaks("UpdateItem", Fault(400, "TransactionConflictException"), times=6)
    assert batch("close", "line-4").exit_code == 0
    assert record(list_table)["is_open"] == {"BOOL": False}


def test_two_who_open_a_batch_at_once_lose_nothing_of_each_other(list_table):
    opened()
    with ThreadPoolExecutor(2) as pool:
        fields = [{"quota": 5}, {"parameter_overrides": {"Site": "plant7"}}]
        assert list(pool.map(lambda field: open_batch(NAME, "line-4", field, [], {}), fields)) == [0, 0]
    said = record(list_table)
    assert said["device_quota"] == {"N": "5"}
    assert said["parameter_overrides"] == {"M": {"Site": {"S": "plant7"}}}


def test_the_batch_of_a_device_is_imported_shown_exported_and_restored(list_table, tmp_path):
    file = a_file(tmp_path, "serial_number,batch_name\nA-1,line-4\nA-2,\n")
    assert run("import", file, "--table", NAME).exit_code == 0
    assert run("show", "A-1", "A-2", "--table", NAME).stdout.splitlines() == [
        "A-1: listed and never registered; of the batch line-4",
        "A-2: listed and never registered",
    ]
    out = tmp_path / "list.jsonl"
    opened()
    assert run("export", "--table", NAME, "--out", out).exit_code == 0
    before = items(list_table)
    for serial_number in ("A-1", "A-2"):
        list_table.delete_item(TableName=NAME, Key={"serial_number": {"S": serial_number}})
    assert run("import", out, "--table", NAME, "--restore").exit_code == 0
    assert items(list_table) == before


def test_a_batch_name_that_no_batch_can_have_is_a_rejected_row(list_table, tmp_path):
    file = a_file(tmp_path, "serial_number,batch_name\nA-1,line 4\n")
    assert run("import", file, "--table", NAME).exit_code == 1
    assert "batch_name" in (tmp_path / "devices.csv.rejects.csv").read_text()
    assert items(list_table) == {}
