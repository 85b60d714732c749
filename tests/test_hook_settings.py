"""The hook's settings, read from its environment."""

import pytest

from device_provisioning.aws_iot.reprovisioning import Reprovisioning
from device_provisioning.fleet.hook_settings import DEFAULT_SERIAL_NUMBER_PATTERN, hook_environment
from device_provisioning.lambdas.pre_provisioning_hook.settings import InvalidSettings, Settings

TABLE = {"ALLOW_LIST_TABLE_NAME": "devices"}


def test_a_table_is_all_that_has_to_be_set():
    settings = Settings.from_environment(TABLE)
    assert (settings.table_name, settings.reprovisioning, settings.reservation_seconds) == ("devices", 0, 30)
    assert settings.serial_number_parameter == "SerialNumber"


def test_the_hook_and_the_constructs_agree_about_the_form_of_a_serial_number():
    assert Settings.from_environment(TABLE).serial_number_pattern.pattern == DEFAULT_SERIAL_NUMBER_PATTERN


@pytest.mark.parametrize("given", [Reprovisioning.NEVER, Reprovisioning.ALLOW, 3])
def test_the_hook_reads_every_setting_that_the_constructs_write(given):
    settings = Settings.from_environment(
        hook_environment(
            table_name="devices",
            reprovisioning=given,
            serial_number_parameter="Serial",
            serial_number_pattern="[0-9]+",
            reservation_seconds=17,
            listed_parameters=["Site", "Tenant"],
        )
    )
    assert settings.reprovisioning == {"NEVER": 0, "ALLOW": None}.get(str(given), given)
    assert settings.serial_number_parameter == "Serial"
    assert settings.serial_number_pattern.pattern == "[0-9]+"
    assert settings.reservation_seconds == 17
    assert settings.listed_parameters == {"Site", "Tenant"}
    assert settings.metrics_namespace == "DeviceProvisioning"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ALLOW_LIST_TABLE_NAME", "", "ALLOW_LIST_TABLE_NAME is not set"),
        ("REPROVISIONING", "ALWAYS", "'ALWAYS': NEVER, ALLOW or a whole number from 1"),
        ("REPROVISIONING", "0", "'0': NEVER, ALLOW or a whole number from 1"),
        ("REPROVISIONING", "-1", "'-1'"),
        ("REPROVISIONING", "", "''"),
        ("RESERVATION_SECONDS", "soon", "RESERVATION_SECONDS is 'soon': a whole number is allowed"),
        ("LISTED_PARAMETERS", "Site", "LISTED_PARAMETERS is 'Site': a JSON array of names is allowed"),
        ("LISTED_PARAMETERS", '{"Site": "lab"}', "a JSON array of names is allowed"),
        ("LISTED_PARAMETERS", "[1]", "a JSON array of names is allowed"),
        ("SERIAL_NUMBER_PATTERN", "[", "SERIAL_NUMBER_PATTERN is not a regular expression"),
    ],
)
def test_a_setting_that_is_wrong_is_an_error_and_never_a_weaker_hook(name, value, message):
    with pytest.raises(InvalidSettings, match=message):
        Settings.from_environment({**TABLE, name: value})
