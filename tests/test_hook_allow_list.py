"""The hook over a table of the emulator's DynamoDB: who gets through, and what is written."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ReadTimeoutError

from device_provisioning.records.record import binding, is_device
from tests.support.hooks import NOW, SETTLED, a_certificate_id, a_request, devices_in


@pytest.fixture(scope="module")
def devices(emulator):
    with devices_in(emulator.client("dynamodb")) as devices:
        yield devices


@pytest.fixture(autouse=True)
def forgotten_certificates(devices):
    devices.certificates.statuses.clear()
    devices.certificates.asked = 0


def test_a_listed_device_is_allowed_and_its_record_names_the_certificate(devices):
    devices.put("A-1")
    event = a_request("A-1")
    assert devices.outcome(event) == (True, "listed")
    assert devices.record("A-1") == {
        "serial_number": {"S": "A-1"},
        "certificate_id": {"S": event["certificateId"]},
        "reserved_at": {"N": str(NOW)},
    }


def test_a_device_that_is_not_listed_is_denied_and_gets_no_record(devices):
    assert devices.outcome(a_request("X-1")) == (False, "not on the allow list")
    assert devices.record("X-1") is None


def test_the_list_decides_the_parameters(devices):
    devices.put("A-2", parameter_overrides={"M": {"Site": {"S": "plant7"}, "Tenant": {"S": "t1"}}})
    decision = devices.decide(a_request("A-2"))
    assert decision.allowed
    assert decision.parameter_overrides == {"Site": "plant7", "Tenant": "t1"}


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"blocked": {"BOOL": True}}, "blocked"),
        ({"blocked": {"S": "false"}}, "blocked"),
        ({"blocked": {"N": "0"}}, "blocked"),
        ({"blocked": {"NULL": True}}, "blocked"),
        ({"expires_at": {"N": str(NOW)}}, "expired"),
        ({"expires_at": {"N": str(NOW - 1)}}, "expired"),
        ({"expires_at": {"S": str(NOW + 1)}}, "expired"),
        ({"expires_at": {"S": "never"}}, "expired"),
        ({"expires_at": {"NULL": True}}, "expired"),
        ({"certificate_id": {"S": "none"}}, "certificate_id of the record is malformed"),
        ({"certificate_id": {"NULL": True}}, "certificate_id of the record is malformed"),
        (
            {"parameter_overrides": {"S": "Site"}},
            "parameter_overrides of the record are not a map of strings",
        ),
        (
            {"parameter_overrides": {"L": [{"S": "Site"}]}},
            "parameter_overrides of the record are not a map of strings",
        ),
    ],
)
def test_a_record_that_says_no_or_nonsense_denies_and_stays_as_it_is(devices, attributes, reason):
    devices.put("A-3", **attributes)
    before = devices.record("A-3")
    assert devices.outcome(a_request("A-3")) == (False, reason)
    assert devices.record("A-3") == before


def test_an_override_that_is_not_a_string_denies(devices):
    devices.put("A-4", parameter_overrides={"M": {"Site": {"N": "7"}}})
    expected = (False, "parameter_overrides of the record are not a map of strings")
    assert devices.outcome(a_request("A-4")) == expected


def test_a_device_may_register_until_its_record_expires(devices):
    devices.put("A-5", expires_at={"N": str(NOW + 1)}, blocked={"BOOL": False})
    assert devices.outcome(a_request("A-5")) == (True, "listed")


def test_a_used_up_serial_number_is_denied(devices):
    devices.put("A-6")
    assert devices.registers(a_request("A-6")).allowed
    assert devices.outcome(a_request("A-6")) == (False, "already provisioned")
    assert devices.outcome(a_request("A-6"), now=SETTLED + 10**6) == (False, "already provisioned")


def test_the_usual_path_asks_nothing_but_the_table_once(devices):
    devices.put("A-7")
    calls = []
    devices.client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
    try:
        assert devices.decide(a_request("A-7")).allowed
    finally:
        devices.client.meta.events.unregister("before-call.dynamodb")
    assert calls == ["TransactWriteItems"]
    assert devices.certificates.asked == 0


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "ACTIVE"])
def test_the_same_certificate_gets_the_same_answer_when_it_asks_again(devices, status):
    devices.put("A-8", parameter_overrides={"M": {"Site": {"S": "plant7"}}})
    event = a_request("A-8")
    first = devices.decide(event)
    devices.certificates.statuses[event["certificateId"]] = status
    assert first.allowed
    assert devices.decide(event, now=NOW + 1) == first
    assert devices.decide(event, now=NOW + 1000) == first


def test_a_device_that_asks_again_is_waited_for_again(devices):
    devices.put("A-19")
    event = a_request("A-19")
    assert devices.decide(event).allowed
    assert devices.decide(event, now=NOW + 20).allowed
    assert devices.outcome(a_request("A-19"), now=SETTLED)[1].endswith("is in progress")
    assert devices.decide(a_request("A-19"), now=SETTLED + 20).allowed


@pytest.mark.parametrize("status", ["INACTIVE", "REVOKED", "REGISTER_INACTIVE", "SOMETHING_NEW"])
@pytest.mark.parametrize("bound", [True, False], ids=["bound", "by an earlier version"])
def test_a_certificate_that_was_taken_out_of_use_is_denied_although_it_holds_the_record(
    devices, status, bound
):
    devices.put("A-20")
    event = a_request("A-20")
    assert devices.decide(event).allowed
    if not bound:
        key = binding(event["certificateId"], "A-20", NOW)["serial_number"]
        devices.client.delete_item(TableName=devices.table_name, Key={"serial_number": key})
    devices.certificates.statuses[event["certificateId"]] = status
    assert devices.outcome(event, now=SETTLED) == (False, f"the certificate is {status}")


@pytest.mark.parametrize("moved", [False, True], ids=["free", "held by another"])
def test_a_certificate_registers_one_serial_number_only(devices, moved):
    held = {"certificate_id": {"S": "e" * 64}, "reserved_at": {"N": "1"}} if moved else {}
    devices.put("A-21")
    devices.put("B-21", **held)
    event = a_request("A-21")
    assert devices.registers(event).allowed
    before = devices.record("B-21")
    other = {**event, "parameters": {"SerialNumber": "B-21"}}
    assert devices.outcome(other) == (False, "the certificate is bound to another serial number")
    assert devices.record("B-21") == before


def test_a_certificate_is_forgotten_a_day_later_as_its_token_lives_an_hour(devices):
    devices.put("A-22")
    event = a_request("A-22")
    assert devices.decide(event).allowed
    certificate = binding(event["certificateId"], "A-22", NOW)
    assert devices.record(certificate["serial_number"]["S"]) == certificate
    assert certificate["forget_at"] == {"N": str(NOW + 86_400)}
    assert not is_device(certificate)


def test_a_record_that_was_listed_anew_is_taken_by_the_certificate_that_had_it(devices):
    devices.put("A-23")
    event = a_request("A-23")
    assert devices.registers(event).allowed
    devices.put("A-23")
    assert devices.outcome(event, now=SETTLED) == (True, "listed")
    assert devices.record("A-23")["certificate_id"] == {"S": event["certificateId"]}


def test_a_record_of_an_earlier_version_is_read_as_it_is_and_written_as_today(devices):
    devices.put("A-24", certificate_id={"S": "e" * 64}, claimed_at={"N": str(NOW)})
    event = a_request("A-24")
    assert devices.outcome(event, now=NOW + 29)[1].endswith("is in progress")
    assert devices.outcome(event, now=SETTLED) == (True, "listed")
    assert devices.record("A-24") == {
        "serial_number": {"S": "A-24"},
        "certificate_id": {"S": event["certificateId"]},
        "reserved_at": {"N": str(SETTLED)},
    }


@pytest.mark.parametrize(
    ("overrides", "sent", "reason"),
    [
        ({}, {}, "listed"),
        ({"Site": "plant7"}, {}, "listed"),
        ({"Site": "plant7"}, {"Site": "plant7"}, "listed"),
        ({"Site": "plant7", "Tenant": "t1"}, {"Site": "plant7", "Model": "m"}, "listed"),
        ({"Site": "plant7"}, {"Site": "lab"}, "parameter Site is not what the record says"),
        (
            {"Tenant": "t1"},
            {"Site": "lab"},
            "parameter Site is given by the list only, and the record has none",
        ),
        ({}, {"Site": ""}, "parameter Site is given by the list only, and the record has none"),
    ],
)
def test_what_only_the_list_gives_can_not_be_chosen_by_a_device(devices, overrides, sent, reason):
    decided = {"parameter_overrides": {"M": {name: {"S": text} for name, text in overrides.items()}}}
    devices.put("A-25", **(decided if overrides else {}))
    before = devices.record("A-25")
    event = a_request("A-25", parameters={"SerialNumber": "A-25", **sent})
    decision = devices.decide(event, listed_parameters=frozenset({"Site", "Tenant"}))
    assert (decision.allowed, decision.reason) == (reason == "listed", reason)
    if decision.allowed:
        assert decision.parameter_overrides == overrides
    else:
        assert devices.record("A-25") == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("SerialNumber", "A-1"), ("AWS::IoT::Certificate::Id", "e" * 64), ("aws::anything", "x")],
)
def test_a_record_makes_nobody_another_device_or_the_owner_of_another_certificate(devices, name, value):
    # Whoever may list devices may not give one that has registered another certificate.
    devices.put("A-26", parameter_overrides={"M": {name: {"S": value}}})
    before = devices.record("A-26")
    reason = f"parameter_overrides of the record must not set {name}"
    assert devices.outcome(a_request("A-26")) == (False, reason)
    assert devices.record("A-26") == before


def test_a_record_may_repeat_its_own_serial_number(devices):
    devices.put("A-27", parameter_overrides={"M": {"SerialNumber": {"S": "A-27"}}})
    assert devices.outcome(a_request("A-27")) == (True, "listed")


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", None])
def test_a_reservation_that_came_to_nothing_moves_to_the_new_certificate(devices, status):
    devices.put("A-9")
    first, second = a_request("A-9"), a_request("A-9")
    assert devices.decide(first).allowed
    if not status:
        del devices.certificates.statuses[first["certificateId"]]
    assert devices.outcome(second, now=NOW + 29)[1].endswith("is in progress")
    assert devices.registers(second, now=SETTLED).allowed
    record = devices.record("A-9")
    assert record["certificate_id"] == {"S": second["certificateId"]}
    assert "reprovisioned" not in record
    assert devices.outcome(a_request("A-9"), now=SETTLED + 60) == (False, "already provisioned")


def test_a_certificate_that_lost_its_reservation_cannot_take_it_back(devices):
    devices.put("A-10")
    first, second = a_request("A-10"), a_request("A-10")
    assert devices.decide(first).allowed
    assert devices.registers(second, now=SETTLED).allowed
    assert devices.outcome(first, now=SETTLED + 60) == (False, "already provisioned")


def test_a_device_registers_again_at_most_as_often_as_it_may(devices):
    devices.put("A-11")
    outcomes = [
        devices.registers(a_request("A-11"), now=NOW + attempt * 60, reprovisioning=2).reason
        for attempt in range(4)
    ]
    assert outcomes == ["listed", "listed", "listed", "already provisioned, and again 2 times"]
    assert devices.record("A-11")["reprovisioned"] == {"N": "2"}


def test_a_failed_attempt_does_not_count_as_registering_again(devices):
    devices.put("A-12")
    assert devices.registers(a_request("A-12"), reprovisioning=1).allowed
    assert devices.decide(a_request("A-12"), now=NOW + 60, reprovisioning=1).allowed
    assert devices.registers(a_request("A-12"), now=NOW + 120, reprovisioning=1).allowed
    assert not devices.decide(a_request("A-12"), now=NOW + 180, reprovisioning=1).allowed


def test_a_blocked_device_is_denied_even_if_it_may_register_again(devices):
    devices.put("A-13", blocked={"BOOL": True}, certificate_id={"S": "e" * 64}, claimed_at={"N": "1"})
    devices.certificates.statuses["e" * 64] = "ACTIVE"
    assert devices.outcome(a_request("A-13"), reprovisioning=None) == (False, "blocked")


def test_of_50_simultaneous_attempts_exactly_one_gets_through(devices):
    devices.put("A-14")
    events = [a_request("A-14") for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        decisions = list(pool.map(devices.decide, events))
    allowed = [e for e, decision in zip(events, decisions, strict=True) if decision.allowed]
    assert len(allowed) == 1
    assert devices.record("A-14")["certificate_id"] == {"S": allowed[0]["certificateId"]}
    denials = {decision.reason for decision in decisions if not decision.allowed}
    assert denials == {"another registration of this serial number is in progress"}


def test_of_200_simultaneous_attempts_on_20_serial_numbers_one_of_each_gets_through(devices):
    serial_numbers = [f"B-{number}" for number in range(20)]
    for serial_number in serial_numbers:
        devices.put(serial_number)
    events = [a_request(serial_numbers[number % 20]) for number in range(200)]
    with ThreadPoolExecutor(200) as pool:
        decisions = list(pool.map(devices.registers, events))
    allowed = [e for e, decision in zip(events, decisions, strict=True) if decision.allowed]
    assert sorted(event["parameters"]["SerialNumber"] for event in allowed) == sorted(serial_numbers)
    for event in allowed:
        record = devices.record(event["parameters"]["SerialNumber"])
        assert record["certificate_id"] == {"S": event["certificateId"]}


@pytest.mark.parametrize("reprovisioning", [0, None, 5])
def test_of_50_simultaneous_attempts_to_take_over_a_failed_reservation_exactly_one_gets_through(
    devices, reprovisioning
):
    serial_number = f"A-15-{reprovisioning}"
    devices.put(serial_number, certificate_id={"S": a_certificate_id()}, claimed_at={"N": str(NOW)})
    events = [a_request(serial_number) for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        decisions = list(
            pool.map(lambda e: devices.decide(e, now=SETTLED, reprovisioning=reprovisioning), events)
        )
    assert sum(decision.allowed for decision in decisions) == 1
    denials = {decision.reason for decision in decisions if not decision.allowed}
    assert denials <= {
        "another registration of this serial number is in progress",
        "already provisioned, and again 5 times",
    }


class LosesAnswers:
    """A client whose first answers never arrive, although DynamoDB did what it was asked."""

    def __init__(self, client, lost):
        self._client = client
        self._lost = lost

    def transact_write_items(self, **settings):
        answer = self._client.transact_write_items(**settings)
        if self._lost:
            self._lost -= 1
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return answer


def test_a_reservation_whose_answer_is_lost_gets_through_on_the_second_try(devices):
    devices.put("A-16")
    assert devices.outcome(a_request("A-16"), client=LosesAnswers(devices.client, 1)) == (True, "listed")


def test_a_move_whose_answer_is_lost_gets_through_and_counts_once(devices):
    devices.put("A-17")
    assert devices.registers(a_request("A-17")).allowed
    client = LosesAnswers(devices.client, 1)
    outcome = devices.outcome(a_request("A-17"), now=SETTLED, client=client, reprovisioning=3)
    assert outcome == (True, "listed")
    assert devices.record("A-17")["reprovisioned"] == {"N": "1"}


def test_a_reservation_whose_answer_is_lost_twice_is_denied_and_free_for_the_next_attempt(devices):
    devices.put("A-18")
    client = LosesAnswers(devices.client, 2)
    assert devices.outcome(a_request("A-18"), client=client) == (
        False,
        "no answer from AWS: ReadTimeoutError",
    )
    assert devices.decide(a_request("A-18"), now=SETTLED).allowed
