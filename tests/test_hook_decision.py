"""What the hook decides, without AWS."""

import re

import pytest

from device_provisioning.lambdas.pre_provisioning_hook.decision import Found, expected, reservation
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Denied
from device_provisioning.lambdas.pre_provisioning_hook.request import Request, read_request
from device_provisioning.records.record import key, typed
from tests.support.hooks import NOW, a_request, hook_settings

EARLIER = "e" * 64


OWN = "f" * 64


def held(seconds_ago, holder=EARLIER, **more):
    return {"certificate_id": holder, "reserved_at": NOW - seconds_ago, **more}


def decided(record, statuses=None, bound_to=None, sent=None, **settings):
    """What is reserved for a device, given its record and what AWS IoT says of certificates."""
    item = (
        None if record is None else {**key("A-1"), **{name: typed(value) for name, value in record.items()}}
    )
    binding = None if bound_to is None else {"bound_to": {"S": bound_to}}
    status_of = {OWN: "PENDING_ACTIVATION", **(statuses or {})}.__getitem__
    request = Request("A-1", OWN, {"SerialNumber": "A-1", **(sent or {})})
    return reservation(request, Found(item, binding), status_of, hook_settings(**settings), NOW)


def test_a_request_is_read_by_the_parameter_that_carries_the_serial_number():
    event = a_request(parameters={"Serial": "A-1", "SerialNumber": "B-2"}, certificate_id=EARLIER)
    settings = hook_settings(serial_number_parameter="Serial")
    assert read_request(event, settings) == Request("A-1", EARLIER, event["parameters"], "c" * 64)


@pytest.mark.parametrize(
    "event",
    [None, [], "text", 7, {}, {"parameters": None}, {"parameters": ["SerialNumber"]}, {"parameters": {}}],
)
def test_a_request_of_any_other_shape_is_denied(event):
    with pytest.raises(Denied, match="parameter SerialNumber is missing"):
        read_request(event, hook_settings())


@pytest.mark.parametrize("value", [7, None, True, ["lab"], {"Ref": "SerialNumber"}])
def test_a_parameter_that_is_not_a_string_is_denied_whichever_it_is(value):
    request = a_request("A-1")
    with pytest.raises(Denied, match="a parameter is not a string"):
        read_request({**request, "parameters": {**request["parameters"], "Site": value}}, hook_settings())


@pytest.mark.parametrize("serial_number", [None, 7, True, ["A"], {"S": "A"}])
def test_a_serial_number_that_is_not_a_string_counts_as_missing(serial_number):
    with pytest.raises(Denied, match="parameter SerialNumber is missing"):
        read_request(a_request(serial_number), hook_settings())


@pytest.mark.parametrize("serial_number", ["", "A 1", "A-1\n", "Ä", "A" * 129, "A\x00", "\ud800", "*", "A;B"])
def test_a_serial_number_of_another_form_is_denied_before_any_look_up(serial_number):
    with pytest.raises(Denied, match="serial number is malformed"):
        read_request(a_request(serial_number), hook_settings())


def test_a_pattern_has_to_match_the_whole_serial_number():
    settings = hook_settings(serial_number_pattern=re.compile("A|A-[0-9]+"))
    assert read_request(a_request("A-12"), settings).serial_number == "A-12"
    with pytest.raises(Denied, match="malformed"):
        read_request(a_request("A-12x"), settings)


@pytest.mark.parametrize("certificate_id", [None, 7, "", "e" * 63, "E" * 64, "e" * 63 + "\n", "e" * 65])
def test_a_certificate_id_of_another_form_is_denied(certificate_id):
    event = {**a_request(), "certificateId": certificate_id}
    with pytest.raises(Denied, match="certificate id is malformed"):
        read_request(event, hook_settings())


@pytest.mark.parametrize("name", ["AWS::IoT::Certificate::Id", "aws::anything", "AWS::"])
def test_a_parameter_that_belongs_to_aws_is_denied(name):
    event = a_request(parameters={"SerialNumber": "A-1", name: "x"})
    with pytest.raises(Denied, match="a parameter has a name that belongs to AWS"):
        read_request(event, hook_settings())


@pytest.mark.parametrize("serial_number", [" certificate " + "e" * 64, " A-1", "A 1", "\u00c4", ""])
def test_a_pattern_lets_nothing_through_that_can_not_be_a_serial_number(serial_number):
    settings = hook_settings(serial_number_pattern=re.compile(".*"))
    with pytest.raises(Denied, match="serial number is malformed"):
        read_request(a_request(serial_number), settings)


def test_a_free_record_is_reserved_with_what_the_list_decides():
    reserved = decided({"parameter_overrides": {"Site": "plant7"}})
    assert (reserved.reserved_at, reserved.reprovisioned) == (NOW, None)
    assert reserved.parameter_overrides == {"Site": "plant7"}


def test_a_device_is_expected_to_be_new_and_to_say_of_its_list_what_its_list_says():
    request = Request("A-1", OWN, {"SerialNumber": "A-1", "Site": "lab", "Model": "m"})
    assert expected(request, hook_settings(), None) == Found(key("A-1"), None, is_known=False)
    assert expected(request, hook_settings(listed_parameters=frozenset({"Site"})), None) == Found(
        {**key("A-1"), "parameter_overrides": {"M": {"Site": {"S": "lab"}}}}, None, is_known=False
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, "not on the allow list"),
        (held(60, blocked=True), "blocked"),
        (held(60, blocked="no"), "blocked"),
        (held(60, blocked=0), "blocked"),
        (held(60, expires_at=NOW), "expired"),
        (held(60, expires_at=NOW - 1), "expired"),
        (held(60, expires_at="tomorrow"), "expired"),
        (held(60, expires_at=True), "expired"),
        (held(60, parameter_overrides="x"), "parameter_overrides of the record are not a map of strings"),
        ({"certificate_id": 7}, "certificate_id of the record is malformed"),
        ({"certificate_id": "../other"}, "certificate_id of the record is malformed"),
    ],
)
def test_a_record_that_forbids_the_registration_is_denied_before_aws_iot_is_asked(record, reason):
    with pytest.raises(Denied, match=f"^{re.escape(reason)}$"):
        decided(record)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "parameter Site is given by the list only, and the record has none"),
        ({"parameter_overrides": {"Site": "plant7"}}, "parameter Site is not what the record says"),
    ],
)
def test_a_parameter_of_the_list_has_to_be_what_the_record_says(record, reason):
    with pytest.raises(Denied, match=f"^{re.escape(reason)}$"):
        decided(record, sent={"Site": "plant8"}, listed_parameters=frozenset({"Site"}))


def test_a_parameter_of_the_list_that_the_record_confirms_or_nobody_sends_is_no_obstacle():
    record, listed = {"parameter_overrides": {"Site": "plant7"}}, frozenset({"Site"})
    assert decided(record, sent={"Site": "plant7"}, listed_parameters=listed).reserved_at == NOW
    assert decided({}, listed_parameters=listed).reserved_at == NOW


@pytest.mark.parametrize("seconds_ago", [0, 1, 30, 10_000])
def test_a_replay_is_told_that_the_device_is_provisioned_however_soon_it_comes(seconds_ago):
    with pytest.raises(Denied, match=r"^already provisioned$"):
        decided(held(seconds_ago), {EARLIER: "ACTIVE"})


@pytest.mark.parametrize(
    "status", ["ACTIVE", "INACTIVE", "REVOKED", "PENDING_TRANSFER", "REGISTER_INACTIVE", "SOMETHING_NEW"]
)
def test_a_certificate_that_was_registered_uses_the_serial_number_up_whatever_it_is_now(status):
    with pytest.raises(Denied, match="already provisioned"):
        decided(held(60), {EARLIER: status})


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND", "ACTIVE"])
@pytest.mark.parametrize("seconds_ago", [-5, 0, 29])
def test_an_attempt_that_may_be_under_way_is_not_overtaken(status, seconds_ago):
    with pytest.raises(Denied, match="in progress"):
        decided(held(seconds_ago), {EARLIER: status}, reprovisioning=None)


@pytest.mark.parametrize(
    "times", [{}, {"reserved_at": "long ago"}, {"reserved_at": True}, {"reserved_at": 1, "claimed_at": "x"}]
)
def test_a_reservation_of_unknown_age_counts_as_under_way(times):
    with pytest.raises(Denied, match="in progress"):
        decided({"certificate_id": EARLIER, **times}, {EARLIER: "PENDING_ACTIVATION"})


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND"])
@pytest.mark.parametrize("reprovisioning", [0, 1, None])
def test_an_attempt_that_came_to_nothing_does_not_use_up_the_serial_number(status, reprovisioning):
    reserved = decided(held(30, reprovisioned=1), {EARLIER: status}, reprovisioning=reprovisioning)
    assert (reserved.reserved_at, reserved.reprovisioned) == (NOW, None)


@pytest.mark.parametrize(
    ("times", "allowed"), [(0, True), (1, True), (2, False), (3, False), ("1", False), (True, False)]
)
def test_a_serial_number_registers_again_as_often_as_it_may(times, allowed):
    record = held(30, reprovisioned=times)
    if allowed:
        assert decided(record, {EARLIER: "ACTIVE"}, reprovisioning=2).reprovisioned == times + 1
    else:
        with pytest.raises(Denied, match="already provisioned, and again 2 times"):
            decided(record, {EARLIER: "ACTIVE"}, reprovisioning=2)


def test_a_serial_number_registers_again_without_end_when_that_is_allowed():
    record = held(30, reprovisioned=10_000)
    assert decided(record, {EARLIER: "ACTIVE"}, reprovisioning=None).reprovisioned == 10_001


@pytest.mark.parametrize("record", [{}, held(5, OWN), held(60)])
def test_a_certificate_that_is_bound_elsewhere_is_denied_whatever_the_record_holds(record):
    with pytest.raises(Denied, match="bound to another serial number"):
        decided(record, {EARLIER: "PENDING_ACTIVATION"}, bound_to="B-1")


@pytest.mark.parametrize(("record", "bound_to"), [({}, "A-1"), (held(5, OWN), None), (held(60), "A-1")])
@pytest.mark.parametrize("status", ["INACTIVE", "REVOKED", "NOT_FOUND", "PENDING_TRANSFER"])
def test_a_certificate_that_was_let_through_and_taken_out_of_use_is_denied(record, bound_to, status):
    with pytest.raises(Denied, match=f"the certificate is {status}"):
        decided(record, {EARLIER: "PENDING_ACTIVATION", OWN: status}, bound_to=bound_to)
