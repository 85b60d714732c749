"""Rules about sizes, on both sides of their limits."""

import json

import pytest
from aws_cdk import Token

from device_provisioning.aws_iot import FleetTemplate, TemplateType, check
from device_provisioning.aws_iot.rules import Stack, check_stack
from tests.support.template_files import template_files

FLEET = TemplateType.FLEET_PROVISIONING


def body_of(characters, filling="x"):
    body = json.loads(
        next(file for file in template_files("fleet") if file.path.stem == "valid-smallest").text
    )
    body["DeviceConfiguration"] = {"filling": ""}
    rest = characters - len(FleetTemplate.from_document(body).to_json())
    body["DeviceConfiguration"]["filling"] = filling * rest
    return body


def codes(body):
    return [finding.code for finding in check(body, FLEET)]


def test_a_body_of_10240_characters_fits_and_one_more_does_not():
    assert codes(body_of(10240)) == []
    assert codes(body_of(10241)) == ["DP002"]


def test_bytes_count_as_characters_do():
    (finding,) = check(body_of(10240, "ä"), FLEET)
    assert finding.code == "DP002"
    assert "10240 characters and 20005 bytes" in finding.message


def test_a_text_counts_as_it_is_written_blanks_included():
    assert codes(json.dumps(body_of(10200), separators=(",", ":"))) == []
    assert codes(json.dumps(body_of(10200), indent=1)) == ["DP002"]


def test_a_body_whose_length_is_not_known_yet_is_not_measured():
    body = body_of(10241)
    body["DeviceConfiguration"]["name"] = Token.as_string({"Ref": "Name"})
    assert codes(body) == ["DP000"]


@pytest.mark.parametrize(("count", "expected"), [(256, []), (257, ["DP042"])])
def test_256_fleet_templates_fit_into_an_account(count, expected):
    names = [(f"/Resources/T{number}/Properties", f"t{number}") for number in range(count)]
    assert [finding.code for finding in check_stack(Stack(names))] == expected
