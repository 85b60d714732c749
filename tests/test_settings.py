"""Settings that end up as text: names, the hook's environment, listed devices."""

import json

import pytest
from pydantic import ValidationError

from device_provisioning.aws_iot.hook_settings import Reprovisioning, hook_environment
from device_provisioning.aws_iot.listed_device import ListedDevice, listed_devices_json, unmatched_devices


def test_the_hook_denies_reprovisioning_by_default():
    assert hook_environment(table_name="devices")["REPROVISIONING"] == "NEVER"


@pytest.mark.parametrize(("given", "text"), [(Reprovisioning.ALLOW, "ALLOW"), (3, "3")])
def test_reprovisioning_becomes_a_word_or_a_number(given, text):
    assert hook_environment(table_name="devices", reprovisioning=given)["REPROVISIONING"] == text


def test_every_bad_setting_of_the_hook_is_reported_at_once():
    with pytest.raises(ValueError, match="reprovisioning is 0") as error:
        hook_environment(
            table_name="devices",
            reprovisioning=0,
            claim_settle_seconds=3601,
            serial_number_parameter="",
            serial_number_pattern="[",
        )
    assert len(str(error.value).splitlines()) == 4


@pytest.mark.parametrize(
    "pattern", ["([A-Z]+)+", "(a*)*b", "(?:x+y?)*", "((ab)+|c)+", "(?=(a+)+)a", "(a+?)+"]
)
def test_a_pattern_that_a_device_can_keep_busy_for_ever_is_refused(pattern):
    with pytest.raises(ValueError, match="repeats without end what already repeats without end"):
        hook_environment(table_name="devices", serial_number_pattern=pattern)


@pytest.mark.parametrize(
    "pattern", ["[A-Z]+-[0-9]+", "([A-Z]{1,4}-)*[0-9]{6}", "(A|B)+", "[0-9A-F]{2}(:[0-9A-F]{2}){5}"]
)
def test_a_pattern_whose_work_is_bounded_is_fine(pattern):
    environment = hook_environment(table_name="devices", serial_number_pattern=pattern)
    assert environment["SERIAL_NUMBER_PATTERN"] == pattern


def test_listed_devices_are_sorted_and_say_only_what_is_declared():
    devices = [
        ListedDevice(serial_number="B", blocked=True),
        ListedDevice(serial_number="A", parameter_overrides={"Site": "lab"}, expires_at=4102444800),
    ]
    assert json.loads(listed_devices_json(devices)) == [
        {"serial_number": "A", "parameter_overrides": {"Site": "lab"}, "expires_at": 4102444800},
        {"serial_number": "B", "blocked": True},
    ]


@pytest.mark.parametrize("serial_number", ["", "a b", "a" * 129, "ä", "a\n", "\t"])
def test_a_serial_number_that_no_hook_lets_through_cannot_be_listed(serial_number):
    with pytest.raises(ValidationError, match="serial_number"):
        ListedDevice(serial_number=serial_number)


@pytest.mark.parametrize("serial_number", ["A-0001", "0A:1B:2C:3D:4E:5F", "SN.7/2", "a" * 128])
def test_a_serial_number_of_another_form_can_be_listed_for_a_hook_with_another_pattern(serial_number):
    assert ListedDevice(serial_number=serial_number).serial_number == serial_number


def test_a_listed_device_that_the_hooks_pattern_keeps_out_is_named():
    devices = [ListedDevice(serial_number="A-1"), ListedDevice(serial_number="0A:1B")]
    assert unmatched_devices(devices, "[0-9A-F:]+") == [
        "device A-1 is listed, but the hook's serial_number_pattern '[0-9A-F:]+' does not match it: change"
        " one of them"
    ]


def test_a_serial_number_listed_twice_is_refused():
    with pytest.raises(ValueError, match="listed twice: A: list each once"):
        listed_devices_json([ListedDevice(serial_number="A"), ListedDevice(serial_number="A")])


def test_more_than_200_devices_in_code_are_refused():
    devices = [ListedDevice(serial_number=f"A{number}") for number in range(201)]
    assert listed_devices_json(devices[:200])
    with pytest.raises(ValueError, match="201 devices are declared in code: declare at most 200"):
        listed_devices_json(devices)
