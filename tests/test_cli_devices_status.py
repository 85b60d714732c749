"""Who enrolled, counted and listed, against the emulator's AWS IoT and DynamoDB."""

import csv
import json
import time

import pytest

from device_provisioning.enrolment import certificate_statuses, status
from device_provisioning.records.record import binding
from tests.support.allow_list_command import NAME, run

COLUMNS = ["listed", "never", "reserved", "registered", "gone", "blocked", "expired", "revoked"]
LATER, EARLIER = {"N": "4000000000"}, {"N": "1"}
ASKED = {"reserved_at": {"N": "1798761600"}}


@pytest.fixture
def fleet(list_table, emulator):
    """One device of each kind, of two batches and of none; their certificates by their status."""
    iot, ids = emulator.client("iot"), {}
    for name in ("ACTIVE", "INACTIVE", "PENDING_ACTIVATION"):
        ids[name] = iot.create_keys_and_certificate(setAsActive=True)["certificateId"]
        iot.update_certificate(certificateId=ids[name], newStatus=name)
    one, two = {"batch_name": {"S": "2027-01"}}, {"batch_name": {"S": "2027-02"}}

    def by(certificate_id):
        return {"certificate_id": {"S": certificate_id}, **ASKED}

    records = {
        "A-active": {**one, **by(ids["ACTIVE"]), "expires_at": EARLIER},
        "A-inactive": {**one, **by(ids["INACTIVE"]), "blocked": {"BOOL": True}, "revocation": {"S": "{}"}},
        "A-pending": {**two, **by(ids["PENDING_ACTIVATION"])},
        "A-gone": {**two, **by("f" * 64)},
        "A-blocked": {"blocked": {"BOOL": True}},
        "A-expired": {"expires_at": EARLIER},
        "A-listed": {"expires_at": LATER},
    }
    for serial_number, record in records.items():
        list_table.put_item(TableName=NAME, Item={"serial_number": {"S": serial_number}, **record})
    list_table.put_item(TableName=NAME, Item=binding("c" * 64, "A-listed", 0))
    return ids


def counted(*options):
    result = run("status", "--table", NAME, "--format", "jsonl", *options)
    assert result.exit_code == 0, result.stderr
    return {
        row["batch"]: [row[name] for name in COLUMNS] for row in map(json.loads, result.stdout.splitlines())
    }


def listed(*options):
    result = run("status", "--table", NAME, "--format", "jsonl", *options)
    assert result.exit_code == 0, result.stderr
    return {row["serial_number"] for row in map(json.loads, result.stdout.splitlines())}


EXPECTED = {
    "2027-01": [2, 0, 0, 2, 0, 1, 0, 1],
    "2027-02": [2, 0, 1, 0, 1, 0, 0, 0],
    None: [3, 3, 0, 0, 0, 1, 1, 0],
}


def test_each_device_is_counted_as_what_aws_iot_says_of_its_certificate(fleet):
    assert counted() == EXPECTED


def test_of_many_devices_certificates_are_listed_rather_than_described(fleet, list_wire, monkeypatch):
    monkeypatch.setattr(certificate_statuses, "MOST_DESCRIBED", 1)
    monkeypatch.setattr(status, "AT_ONCE", 2)
    assert counted() == EXPECTED
    # Only one that the list does not have.
    assert list_wire.requests.count("GET /certificates") <= 3


def test_people_get_a_table_with_a_last_row_of_all(fleet):
    lines = run("status", "--table", NAME).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["listed", "2027-01", "2027-02", "no", "all"]
    assert lines[0].split() == COLUMNS
    assert lines[-1].split()[1:] == ["7", "3", "1", "2", "1", "2", "1", "1"]


def test_a_list_without_batches_is_one_row(list_table):
    assert counted() == {None: [0] * len(COLUMNS)}
    lines = run("status", "--table", NAME).stdout.splitlines()
    assert [line.split() for line in lines] == [COLUMNS, ["0"] * len(COLUMNS)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--registered"], {"A-active", "A-inactive"}),
        (["--never"], {"A-gone", "A-blocked", "A-expired", "A-listed"}),
        (["--blocked"], {"A-inactive", "A-blocked"}),
        (["--blocked", "--registered"], {"A-inactive"}),
        (["--since", "2027-01-01"], {"A-active", "A-inactive", "A-pending", "A-gone"}),
        (["--since", "2027-01-01T00:00:01Z"], set()),
        (["--registered", "--since", "36500d"], {"A-active", "A-inactive"}),
    ],
)
def test_the_devices_that_are_asked_for_are_listed(fleet, options, expected):
    assert listed(*options) == expected


def test_a_list_is_words_or_csv_as_well(fleet):
    shown = run("status", "--table", NAME, "--registered").stdout.splitlines()
    assert (
        f"A-active: registered since 2027-01-01T00:00:00Z; batch 2027-01; certificate {fleet['ACTIVE']}"
        in shown
    )
    assert any(line.endswith("; which is INACTIVE; blocked; revoked") for line in shown)
    rows = list(
        csv.DictReader(run("status", "--table", NAME, "--blocked", "--format", "csv").stdout.splitlines())
    )
    assert {row["serial_number"]: row["state"] for row in rows} == {
        "A-inactive": "registered",
        "A-blocked": "never",
    }
    assert all(row["blocked"] == "true" for row in rows)


def test_what_a_hook_denied_is_counted_by_reason(fleet, emulator):
    logs, group = emulator.client("logs"), "/aws/lambda/hook-of-status"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    lines = [{"decision": "denied", "reason": "blocked"}] * 2 + [
        {"decision": "denied", "reason": "not on the allow list"},
        {"decision": "allowed", "reason": "listed"},
    ]
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": json.dumps(line)} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)
    shown = run("status", "--table", NAME, "--log-group", group).stdout.splitlines()
    assert shown[-3:] == [
        "3 denied in the last 24 hours",
        "        2  blocked",
        "        1  not on the allow list",
    ]
    told = run("status", "--table", NAME, "--log-group", group, "--format", "jsonl").stdout.splitlines()
    assert json.loads(told[-1]) == {"denied": {"blocked": 2, "not on the allow list": 1}}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--since", "yesterday"], "--since yesterday: give a date such as 2027-01-31"),
        (["--since", "2027-01-31T12:00"], "a time with its zone"),
        (["--log-group", "g", "--format", "csv"], "--log-group: CSV has no room for reasons"),
    ],
)
def test_what_makes_no_sense_is_refused(list_table, options, problem):
    result = run("status", "--table", NAME, *options)
    assert result.exit_code == 2
    assert problem in result.stderr
