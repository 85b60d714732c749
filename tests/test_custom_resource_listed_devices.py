"""The custom resource behind add_devices, against the emulator's DynamoDB."""

import json

import pytest

from device_provisioning.aws_iot.listed_device import ListedDevice
from device_provisioning.fleet.listed_devices import listed_devices_json
from device_provisioning.lambdas.custom_resources import caretaker, listed_devices
from device_provisioning.records.record import is_device
from tests.support.custom_resources import CloudFormation, answers_server
from tests.support.hooks import MeetsTransactions, a_request, devices_in


@pytest.fixture
def table(emulator, monkeypatch):
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    with devices_in(emulator.client("dynamodb")) as table:
        yield table


@pytest.fixture
def cloudformation():
    with answers_server() as server:
        yield CloudFormation(caretaker.handler, server, "Custom::ListedDevices")


def declared(table, *devices):
    devices = [ListedDevice(**device) for device in devices]
    return {"TableName": table.table_name, "Devices": listed_devices_json(devices)}


def serial_numbers(table):
    items = table.client.scan(TableName=table.table_name)["Items"]
    return {item["serial_number"]["S"] for item in items if is_device(item)}


def test_declared_devices_are_on_the_list_and_may_register(table, cloudformation):
    overrides = {"Site": "plant7"}
    properties = declared(
        table,
        {"serial_number": "A"},
        {"serial_number": "B", "parameter_overrides": overrides, "expires_at": 4102444800},
        {"serial_number": "C", "blocked": True},
    )
    answer = cloudformation.create(properties)
    assert answer["Status"] == "SUCCESS"
    assert serial_numbers(table) == {"A", "B", "C"}
    assert table.outcome(a_request("A")) == (True, "listed")
    assert table.decide(a_request("B")).parameter_overrides == overrides
    assert table.record("B")["expires_at"] == {"N": "4102444800"}
    assert table.outcome(a_request("C")) == (False, "blocked")


def test_every_new_record_is_written_by_an_update_that_sets_something(table, cloudformation):
    # An update that only removes attributes makes no record on AWS, but does on the emulator.
    expressions = []

    class Recorder:
        def update_item(self, **settings):
            expressions.append(settings["UpdateExpression"])

    devices = listed_devices.devices_of(declared(table, {"serial_number": "A"})["Devices"])
    listed_devices.Table(Recorder(), "devices").declare(devices, {})
    assert expressions == ["SET blocked = :blocked REMOVE expires_at, parameter_overrides, batch_name"]


def test_an_event_that_is_delivered_twice_changes_nothing_more(table, cloudformation):
    properties = declared(table, {"serial_number": "A", "expires_at": 4102444800})
    first = cloudformation.create(properties, request_id="r-1")
    record = table.record("A")
    assert cloudformation.create(properties, request_id="r-1") == first
    assert table.record("A") == record


def test_an_update_follows_the_code(table, cloudformation):
    before = declared(
        table,
        {"serial_number": "A", "expires_at": 4102444800},
        {"serial_number": "B"},
        {"serial_number": "C", "parameter_overrides": {"Site": "lab"}},
    )
    after = declared(
        table, {"serial_number": "A"}, {"serial_number": "C", "blocked": True}, {"serial_number": "D"}
    )
    made = cloudformation.create(before)
    updated = cloudformation.update(after, before, made["PhysicalResourceId"])
    assert updated["PhysicalResourceId"] == made["PhysicalResourceId"]
    assert serial_numbers(table) == {"A", "C", "D"}
    assert "expires_at" not in table.record("A")
    assert table.record("C") == {"serial_number": {"S": "C"}, "blocked": {"BOOL": True}}


def test_an_update_never_resets_what_a_device_has_used_up(table, cloudformation):
    before = declared(table, {"serial_number": "A"})
    after = declared(table, {"serial_number": "A", "parameter_overrides": {"Site": "lab"}})
    made = cloudformation.create(before)
    assert table.registers(a_request("A")).allowed
    claimed = table.record("A")
    cloudformation.update(after, before, made["PhysicalResourceId"])
    record = table.record("A")
    assert {name: record[name] for name in claimed} == claimed
    assert table.outcome(a_request("A")) == (False, "already provisioned")


def test_an_update_leaves_an_operators_block_alone(table, cloudformation):
    before = declared(table, {"serial_number": "A"}, {"serial_number": "B"})
    expiring = {"serial_number": "B", "expires_at": 4102444800}
    after = declared(table, {"serial_number": "A"}, expiring, {"serial_number": "C"})
    made = cloudformation.create(before)
    for serial_number in ("A", "B"):
        table.put(serial_number, blocked={"BOOL": True})
    cloudformation.update(after, before, made["PhysicalResourceId"])
    assert table.outcome(a_request("A")) == (False, "blocked")
    assert table.outcome(a_request("B")) == (False, "blocked")


def test_a_used_up_device_that_leaves_the_code_is_blocked_and_stays_used_up(table, cloudformation):
    before, after = declared(table, {"serial_number": "A"}, {"serial_number": "B"}), declared(table)
    made = cloudformation.create(before)
    assert table.registers(a_request("A")).allowed
    cloudformation.update(after, before, made["PhysicalResourceId"])
    assert serial_numbers(table) == {"A"}
    assert table.outcome(a_request("A")) == (False, "blocked")
    # Declared once more, it is used up as before.
    cloudformation.update(before, after, made["PhysicalResourceId"])
    assert table.outcome(a_request("A")) == (False, "already provisioned")
    assert table.outcome(a_request("B")) == (True, "listed")


def test_another_table_gets_the_devices_and_the_delete_that_follows_clears_the_old_one(
    table, cloudformation, emulator
):
    before = declared(table, {"serial_number": "A"})
    made = cloudformation.create(before)
    with devices_in(emulator.client("dynamodb")) as other:
        updated = cloudformation.update(
            declared(other, {"serial_number": "A"}), before, made["PhysicalResourceId"]
        )
        assert updated["PhysicalResourceId"] != made["PhysicalResourceId"]
        assert (serial_numbers(table), serial_numbers(other)) == ({"A"}, {"A"})
        cloudformation.delete(before, made["PhysicalResourceId"])
        assert (serial_numbers(table), serial_numbers(other)) == (set(), {"A"})


def test_a_delete_takes_out_unused_devices_and_blocks_the_others(table, cloudformation):
    properties = declared(table, {"serial_number": "A"}, {"serial_number": "B"})
    made = cloudformation.create(properties)
    table.put("factory-1")
    assert table.registers(a_request("A")).allowed
    for _ in range(2):
        assert cloudformation.delete(properties, made["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert serial_numbers(table) == {"A", "factory-1"}
    assert table.outcome(a_request("A")) == (False, "blocked")


def test_a_delete_after_the_table_is_gone_succeeds(table, cloudformation):
    properties = {**declared(table, {"serial_number": "A"}), "TableName": "gone"}
    assert cloudformation.delete(properties, "gone/Resource")["Status"] == "SUCCESS"


def test_devices_that_register_at_the_same_time_keep_nobody_from_declaring(table):
    own = listed_devices.Table(MeetsTransactions(table.client), table.table_name)
    devices = listed_devices.devices_of(declared(table, {"serial_number": "A"})["Devices"])
    own.declare(devices, {})
    assert serial_numbers(table) == {"A"}
    listed_devices.Table(MeetsTransactions(table.client), table.table_name).take_out_all(["A"])
    assert serial_numbers(table) == set()


def test_every_device_that_could_not_be_written_is_named(table, cloudformation):
    devices = [{"serial_number": f"A-{number}"} for number in range(12)]
    answer = cloudformation.create({**declared(table, *devices), "TableName": "not-there"})
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(
        "devices could not be synchronised with the table: A-0: UpdateItem ResourceNotFoundException, A-1:"
    )
    assert answer["Reason"].endswith(" and 2 more")


def test_a_failed_create_can_be_deleted(table, cloudformation):
    properties = {**declared(table, {"serial_number": "A"}), "TableName": "not-there"}
    failed = cloudformation.create(properties)
    assert cloudformation.delete(properties, failed["PhysicalResourceId"])["Status"] == "SUCCESS"


def test_the_answer_tells_nothing_of_the_devices(table, cloudformation, capsys):
    properties = declared(table, {"serial_number": "A", "parameter_overrides": {"Tenant": "acme"}})
    reported = json.dumps(cloudformation.create(properties)) + "".join(capsys.readouterr())
    assert "acme" not in reported
