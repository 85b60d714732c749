"""What a device supplies is a text and nothing else: it is never read as part of the body."""

import time

import pytest

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import Result, compile_template

CERTIFICATE_ID = "AWS::IoT::Certificate::Id"
BODY = {
    "Parameters": {name: {"Type": "String"} for name in ("SerialNumber", "Site", CERTIFICATE_ID)},
    "Mappings": {"Sites": {"lab": {"Group": "sensors"}}},
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {"ThingName": {"Fn::Sub": "sensor-${SerialNumber}"}},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": CERTIFICATE_ID}, "Status": "Active"},
        },
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor"}},
    },
    "DeviceConfiguration": {"site": {"Ref": "Site"}},
}
template = compile_template(BODY, TemplateType.FLEET_PROVISIONING)


def nested(depth):
    value = "A"
    for _ in range(depth):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize(
    "serial_number",
    [
        "${Site}",
        "${AWS::IoT::Certificate::Id}",
        "A-1/#",
        "../A-1",
        "A-1\0",
        "A-1\n",
        "A-1\u200b",
        "\u202eA-1",
        "A\u0301-1",
        "\u0410-1",
        "\uff21-1",
        "A-1\ud800",
        "*",
        "' OR '1'='1",
    ],
    ids=ascii,
)
def test_a_thing_name_that_the_device_makes_odd_is_refused(serial_number):
    outcome = template.evaluate({"SerialNumber": serial_number, "Site": "lab"})
    assert outcome.result is Result.FAILED
    assert [failure.path for failure in outcome.failures] == ["/Resources/thing/Properties/ThingName"]


@pytest.mark.parametrize(
    "value", [7, None, True, ["lab"], {"Ref": "SerialNumber"}, nested(500)], ids=lambda v: type(v).__name__
)
def test_a_value_that_is_no_text_is_refused(value):
    outcome = template.evaluate({"SerialNumber": "A-1", "Site": value})
    assert outcome.result is Result.FAILED


def test_a_value_that_looks_like_an_expression_stays_what_it_is():
    outcome = template.evaluate({"SerialNumber": "A-1", "Site": "${SerialNumber}"})
    assert outcome.device_configuration == {"site": "${SerialNumber}"}


def test_parameters_that_nobody_declared_change_nothing():
    usual = template.evaluate({"SerialNumber": "A-1", "Site": "lab"})
    more = {"AWS::Region": "a", "Ref": "Site", "__class__": "x", "thing": "y"}
    assert template.evaluate({"SerialNumber": "A-1", "Site": "lab", **more}) == usual


def test_a_device_that_sends_a_lot_is_answered_at_once():
    began = time.perf_counter()
    many = {f"P{number}": "A" * 1_000 for number in range(10_000)}
    template.evaluate({**many, "SerialNumber": "A" * 10_000_000, "Site": "${" * 1_000_000})
    assert time.perf_counter() - began < 5
