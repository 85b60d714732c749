"""What the hook decides, without AWS."""

import re

import pytest

from device_provisioning.lambdas.pre_provisioning_hook.decision import (
    Decision,
    Move,
    Request,
    accept,
    earlier_certificate,
    move,
    read_request,
)
from device_provisioning.lambdas.pre_provisioning_hook.reasons import Denied
from tests.hooks import NOW, a_request, hook_settings

EARLIER = "e" * 64


def claimed(seconds_ago, **more):
    return {"certificate_id": EARLIER, "claimed_at": NOW - seconds_ago, **more}


def test_a_request_is_read_by_the_parameter_that_carries_the_serial_number():
    event = a_request(parameters={"Serial": "A-1", "SerialNumber": "B-2"}, certificate_id=EARLIER)
    settings = hook_settings(serial_number_parameter="Serial")
    assert read_request(event, settings) == Request("A-1", EARLIER)


@pytest.mark.parametrize(
    "event",
    [None, [], "text", 7, {}, {"parameters": None}, {"parameters": ["SerialNumber"]}, {"parameters": {}}],
)
def test_a_request_of_any_other_shape_is_denied(event):
    with pytest.raises(Denied, match="parameter SerialNumber is missing"):
        read_request(event, hook_settings())


@pytest.mark.parametrize("value", [7, None, True, ["lab"], {"Ref": "SerialNumber"}])
def test_a_parameter_that_is_no_text_is_denied_whichever_it_is(value):
    request = a_request("A-1")
    with pytest.raises(Denied, match="a parameter is no text"):
        read_request({**request, "parameters": {**request["parameters"], "Site": value}}, hook_settings())


@pytest.mark.parametrize("serial_number", [None, 7, True, ["A"], {"S": "A"}])
def test_a_serial_number_that_is_no_text_counts_as_missing(serial_number):
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


def test_a_claimed_record_is_accepted_with_what_the_list_decides():
    record = {"serial_number": "A-1", "parameter_overrides": {"Site": "plant7"}}
    assert accept(record) == Decision(True, "listed", {"Site": "plant7"})
    assert accept({"serial_number": "A-1"}) == Decision(True, "listed", {})


@pytest.mark.parametrize("overrides", ["Site", ["Site"], {"Site": 7}, {"Site": None}, None, True])
def test_overrides_that_are_no_map_of_texts_deny(overrides):
    with pytest.raises(Denied, match="parameter_overrides of the record are not a map of strings"):
        accept({"parameter_overrides": overrides})


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, "not on the allow list"),
        ({}, "not on the allow list"),
        (claimed(60, blocked=True), "blocked"),
        (claimed(60, blocked="no"), "blocked"),
        (claimed(60, blocked=0), "blocked"),
        (claimed(60, expires_at=NOW), "expired"),
        (claimed(60, expires_at=NOW - 1), "expired"),
        (claimed(60, expires_at="tomorrow"), "expired"),
        (claimed(60, expires_at=True), "expired"),
        (claimed(60, parameter_overrides="x"), "parameter_overrides of the record are not a map of strings"),
        ({"serial_number": "A-1"}, "certificate_id of the record is malformed"),
        ({"certificate_id": 7}, "certificate_id of the record is malformed"),
        ({"certificate_id": "../other"}, "certificate_id of the record is malformed"),
    ],
)
def test_a_record_that_forbids_the_registration_is_denied_before_aws_iot_is_asked(record, reason):
    with pytest.raises(Denied, match=f"^{re.escape(reason)}$"):
        earlier_certificate(record, NOW)


def test_what_is_not_yet_expired_leads_to_the_earlier_certificate():
    assert earlier_certificate(claimed(60, expires_at=NOW + 1, blocked=False), NOW) == EARLIER


@pytest.mark.parametrize("seconds_ago", [0, 1, 30, 10_000])
def test_a_replay_is_told_that_the_device_is_provisioned_however_soon_it_comes(seconds_ago):
    with pytest.raises(Denied, match=r"^already provisioned$"):
        move(EARLIER, "ACTIVE", claimed(seconds_ago), hook_settings(), NOW)


@pytest.mark.parametrize(
    "status", ["ACTIVE", "INACTIVE", "REVOKED", "PENDING_TRANSFER", "REGISTER_INACTIVE", "SOMETHING_NEW"]
)
def test_a_certificate_that_was_registered_uses_the_serial_number_up_whatever_it_is_now(status):
    with pytest.raises(Denied, match="already provisioned"):
        move(EARLIER, status, claimed(60), hook_settings(), NOW)


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND", "ACTIVE"])
@pytest.mark.parametrize("seconds_ago", [-5, 0, 29])
def test_an_attempt_that_may_be_under_way_is_not_overtaken(status, seconds_ago):
    with pytest.raises(Denied, match="in progress"):
        move(EARLIER, status, claimed(seconds_ago), hook_settings(reprovisioning=None), NOW)


@pytest.mark.parametrize("claimed_at", [None, "long ago", {"N": "1"}])
def test_a_claim_of_unknown_age_counts_as_under_way(claimed_at):
    record = {"certificate_id": EARLIER, "claimed_at": claimed_at}
    with pytest.raises(Denied, match="in progress"):
        move(EARLIER, "PENDING_ACTIVATION", record, hook_settings(), NOW)


@pytest.mark.parametrize("status", ["PENDING_ACTIVATION", "NOT_FOUND"])
@pytest.mark.parametrize("reprovisioning", [0, 1, None])
def test_an_attempt_that_came_to_nothing_does_not_use_up_the_serial_number(status, reprovisioning):
    settings = hook_settings(reprovisioning=reprovisioning)
    assert move(EARLIER, status, claimed(30, reprovisioned=1), settings, NOW) == Move(EARLIER, counts=False)


@pytest.mark.parametrize(("times", "allowed"), [(0, True), (1, True), (2, False), (3, False), ("1", False)])
def test_a_serial_number_registers_again_as_often_as_it_may(times, allowed):
    settings = hook_settings(reprovisioning=2)
    if allowed:
        assert move(EARLIER, "ACTIVE", claimed(30, reprovisioned=times), settings, NOW).counts
    else:
        with pytest.raises(Denied, match="already provisioned, and again 2 times"):
            move(EARLIER, "ACTIVE", claimed(30, reprovisioned=times), settings, NOW)


def test_a_serial_number_registers_again_without_end_when_that_is_allowed():
    record = claimed(30, reprovisioned=10_000)
    assert move(EARLIER, "ACTIVE", record, hook_settings(reprovisioning=None), NOW).counts
