"""Settings that end up as text: names, the hook's environment, listed devices."""

import json

import pytest
from pydantic import ValidationError

from device_provisioning.aws_iot.listed_device import ListedDevice
from device_provisioning.aws_iot.reprovisioning import Reprovisioning
from device_provisioning.fleet.hook_settings import hook_environment
from device_provisioning.fleet.listed_devices import listed_devices_json, unmatched_devices


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
            reservation_seconds=3601,
            serial_number_parameter="",
            serial_number_pattern="[",
            listed_parameters=["Site", ""],
        )
    assert len(str(error.value).splitlines()) == 5


@pytest.mark.parametrize("name", ["AWS::IoT::Certificate::SerialNumber", "aws::serial"])
def test_the_serial_number_cannot_be_a_parameter_that_no_device_may_send(name):
    with pytest.raises(ValueError, match=f"serial_number_parameter is {name}, which belongs to AWS"):
        hook_environment(table_name="devices", serial_number_parameter=name)


def test_the_serial_number_cannot_be_a_parameter_that_only_the_list_gives():
    with pytest.raises(ValueError, match="listed_parameters has SerialNumber, which every device sends"):
        hook_environment(table_name="devices", listed_parameters=["SerialNumber"])


def test_parameters_that_only_the_list_gives_are_written_once_each_in_one_order():
    environment = hook_environment(table_name="devices", listed_parameters=["Tenant", "Site", "Tenant"])
    assert environment["LISTED_PARAMETERS"] == '["Site", "Tenant"]'


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


@pytest.mark.parametrize(
    ("serial_number", "problem"),
    [
        ("", "is empty"),
        (" A-1", "has a leading space"),
        ("A-1 ", "has a trailing space"),
        ("sensor 3", "has a space"),
        ("A\t1", "has a control character: '\\t'"),
        ("Fühler-1", "has a character that is not ASCII: 'ü'"),
        ("\u0410-1", "has a character that is not ASCII: '\u0410'"),
        ("a" * 129, "has 129 characters, and 128 are the most"),
        (" ü ü", "has a leading space, has a space, has a character that is not ASCII: 'ü'"),
    ],
)
def test_what_is_wrong_with_a_serial_number_is_said_in_words(serial_number, problem):
    with pytest.raises(ValidationError) as error:
        ListedDevice(serial_number=serial_number)
    assert [found["msg"] for found in error.value.errors()] == [problem]


@pytest.mark.parametrize("serial_number", ["A-0001", "0A:1B:2C:3D:4E:5F", "SN.7/2", "a" * 128])
def test_a_serial_number_of_another_form_can_be_listed_for_a_hook_with_another_pattern(serial_number):
    assert ListedDevice(serial_number=serial_number).serial_number == serial_number


def test_a_listed_device_that_the_hooks_pattern_keeps_out_is_named():
    devices = [ListedDevice(serial_number="A-1"), ListedDevice(serial_number="0A:1B")]
    assert unmatched_devices(devices, "[0-9A-F:]+") == [
        "device A-1 is listed, but the hook's serial_number_pattern '[0-9A-F:]+' does not match it: change"
        " the serial number, or serial_number_pattern of FleetProvisioning, GreengrassCoreDevices or"
        " PreProvisioningHook"
    ]


def test_a_serial_number_listed_twice_is_refused():
    with pytest.raises(ValueError, match="listed twice: A: list each once"):
        listed_devices_json([ListedDevice(serial_number="A"), ListedDevice(serial_number="A")])


def test_more_than_200_devices_in_code_are_refused():
    devices = [ListedDevice(serial_number=f"A{number}") for number in range(201)]
    assert listed_devices_json(devices[:200])
    with pytest.raises(ValueError, match="201 devices are declared in code: declare at most 200"):
        listed_devices_json(devices)
