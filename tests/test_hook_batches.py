"""The hook and the records of batches, over the emulator's DynamoDB."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.hooks import NOW, SETTLED, a_request, devices_in

CLOSED = (False, "its batch is not open")
LISTED = (True, "listed")


@pytest.fixture(scope="module")
def devices(emulator):
    with devices_in(emulator.client("dynamodb")) as devices:
        yield devices


def of_batch(devices, serial_number, batch="line-4", **attributes):
    devices.put(serial_number, batch_name={"S": batch}, **attributes)
    return a_request(serial_number)


def test_a_device_of_an_open_batch_is_let_through_and_counted(devices):
    devices.open_batch("line-4")
    assert devices.outcome(of_batch(devices, "B-1")) == LISTED
    assert devices.outcome(of_batch(devices, "B-2")) == LISTED
    assert devices.batch("line-4")["devices_enrolled"] == {"N": "2"}


def test_a_device_of_a_batch_that_there_is_not_is_denied(devices):
    assert devices.outcome(of_batch(devices, "B-3", "nowhere")) == CLOSED


@pytest.mark.parametrize(
    "attributes",
    [
        {"is_open": {"BOOL": False}},
        {"is_open": {"S": "true"}},
        {"is_open": {"NULL": True}},
        {"opens_at": {"N": str(NOW + 1)}},
        {"closes_at": {"N": str(NOW)}},
    ],
)
def test_a_batch_that_is_closed_not_open_yet_or_over_lets_nobody_through(devices, attributes):
    devices.open_batch("shut", **attributes)
    assert devices.outcome(of_batch(devices, "B-4", "shut")) == CLOSED
    assert "certificate_id" not in devices.record("B-4")
    assert "devices_enrolled" not in devices.batch("shut")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("opens_at", {"S": "now"}),
        ("closes_at", {"S": "never"}),
        ("device_quota", {"S": "many"}),
        ("claim_certificate_ids", {"S": "c" * 64}),
        ("reprovisioning", {"S": "SOMETIMES"}),
        ("parameter_overrides", {"S": "Site"}),
    ],
)
def test_a_record_of_a_batch_that_says_nonsense_denies_and_tells_what(devices, attribute, value):
    devices.open_batch("nonsense", **{attribute: value})
    # Only who registers again asks for the rule.
    held = {"certificate_id": {"S": "e" * 64}, "reserved_at": {"N": "1"}}
    event = of_batch(devices, "B-5", "nonsense", **(held if attribute == "reprovisioning" else {}))
    assert devices.outcome(event) == (False, f"{attribute} of the record of its batch is malformed")


def test_a_batch_opens_and_closes_in_time(devices):
    devices.open_batch("timed", opens_at={"N": str(NOW)}, closes_at={"N": str(NOW + 1)})
    assert devices.outcome(of_batch(devices, "B-6", "timed")) == LISTED


def test_a_batch_that_is_closed_stops_at_once_also_who_asks_again(devices):
    devices.open_batch("stopped")
    event = of_batch(devices, "B-7", "stopped")
    assert devices.outcome(event) == LISTED
    assert devices.outcome(event) == LISTED
    devices.open_batch("stopped", is_open={"BOOL": False})
    assert devices.outcome(event) == CLOSED


def test_a_claim_of_another_batch_is_denied(devices):
    devices.open_batch("claimed", claim_certificate_ids={"SS": ["c" * 64, "d" * 64]})
    event = of_batch(devices, "B-8", "claimed")
    for claim in ("e" * 64, None, 7, ""):
        expected = (False, "the claim certificate is not one of its batch")
        assert devices.outcome({**event, "claimCertificateId": claim}) == expected
    assert devices.outcome(event) == LISTED


def test_who_comes_again_takes_no_second_place(devices):
    devices.open_batch("one", device_quota={"N": "1"})
    event = of_batch(devices, "B-9", "one")
    assert devices.outcome(event) == LISTED
    assert devices.outcome(event) == LISTED
    later = a_request("B-9")
    assert devices.outcome(later, now=SETTLED) == LISTED
    assert devices.batch("one")["devices_enrolled"] == {"N": "1"}
    assert devices.outcome(of_batch(devices, "B-10", "one")) == (False, "its batch is full")


@pytest.mark.parametrize(("rule", "reason"), [("NEVER", "already provisioned"), ("1", "listed")])
def test_the_rule_of_a_batch_counts_and_not_that_of_the_hook(devices, rule, reason):
    devices.open_batch(f"rule-{rule}", reprovisioning={"S": rule})
    event = of_batch(devices, f"B-11-{rule}", f"rule-{rule}")
    otherwise = 0 if rule == "1" else None
    assert devices.registers(event, reprovisioning=otherwise).allowed
    again = a_request(f"B-11-{rule}")
    assert devices.outcome(again, now=SETTLED, reprovisioning=otherwise)[1] == reason


def test_a_batch_decides_parameters_unless_the_device_has_its_own(devices):
    overrides = {"M": {"Site": {"S": "plant7"}, "Line": {"S": "4"}}}
    devices.open_batch("lab", parameter_overrides=overrides)
    event = of_batch(devices, "B-12", "lab", parameter_overrides={"M": {"Site": {"S": "lab"}}})
    assert devices.decide(event).parameter_overrides == {"Site": "lab", "Line": "4"}


@pytest.mark.parametrize(
    ("line", "outcome"), [("4", LISTED), ("5", (False, "parameter Line is not what the record says"))]
)
def test_a_device_can_not_choose_what_its_batch_decides(devices, line, outcome):
    devices.open_batch("lines", parameter_overrides={"M": {"Line": {"S": "4"}}})
    event = of_batch(devices, f"B-13-{line}", "lines")
    said = {**event, "parameters": {**event["parameters"], "Line": line}}
    assert devices.outcome(said, listed_parameters=frozenset({"Line"})) == outcome


def test_a_batch_can_not_make_its_devices_another_one(devices):
    devices.open_batch("forged", parameter_overrides={"M": {"SerialNumber": {"S": "A-1"}}})
    reason = "parameter_overrides of the record must not set SerialNumber"
    assert devices.outcome(of_batch(devices, "B-15", "forged")) == (False, reason)


def test_no_device_can_ask_in_the_name_of_a_batch(devices):
    devices.open_batch("line-4")
    assert devices.outcome(a_request(" batch line-4")) == (False, "serial number is malformed")


def test_a_record_whose_batch_is_no_text_denies(devices):
    devices.put("B-16", batch_name={"N": "4"})
    assert devices.outcome(a_request("B-16")) == (False, "batch_name of the record is malformed")


def test_two_hundred_devices_at_once_against_fifty_places_are_fifty(devices):
    devices.open_batch("crowd", device_quota={"N": "50"})
    events = [of_batch(devices, f"C-{number}", "crowd") for number in range(200)]
    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(devices.outcome, events))
    assert outcomes.count(LISTED) == 50
    assert outcomes.count((False, "its batch is full")) == 150
    assert devices.batch("crowd")["devices_enrolled"] == {"N": "50"}
    records = [devices.record(event["parameters"]["SerialNumber"]) for event in events]
    assert sum("certificate_id" in record for record in records) == 50
