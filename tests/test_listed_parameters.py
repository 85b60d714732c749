"""Parameters that only the allow list may give."""

import pytest

from device_provisioning.aws_iot import join, ref, sub
from device_provisioning.aws_iot.fleet_body import fleet_body
from device_provisioning.aws_iot.listed_parameters import listed_parameters, require_agreeing_hook


def body(**settings):
    return fleet_body(policy_name="sensor", thing_name_prefix="sensor-", **settings).document


def test_what_groups_and_attributes_refer_to_comes_from_the_list_only():
    document = body(thing_groups=["sensors", ref("Site")], attributes={"line": join("-", ["l", ref("Line")])})
    assert listed_parameters(document, "SerialNumber") == ["Line", "Site"]


def test_a_reference_inside_a_substituted_text_counts_and_is_declared():
    document = body(attributes={"line": sub("line-${Line}")})
    assert listed_parameters(document, "SerialNumber") == ["Line"]
    assert "Line" in document["Parameters"]


def test_what_is_only_told_back_to_the_device_may_be_chosen_by_it():
    assert listed_parameters(body(device_configuration={"hint": ref("Hint")}), "SerialNumber") == []


def test_the_serial_number_and_what_aws_supplies_are_not_the_lists():
    document = body(attributes={"made": ref("AWS::IoT::Certificate::Id"), "serial": ref("SerialNumber")})
    assert listed_parameters(document, "SerialNumber") == []


def test_everything_that_a_body_of_ones_own_makes_resources_of_comes_from_the_list():
    policy = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": {"Ref": "Role"}}}
    thing = {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": join("-", [ref("Model"), ref("Sn")])}}
    assert listed_parameters({"Resources": {"policy": policy, "thing": thing}}, "Sn") == ["Model", "Role"]


def test_a_parameter_that_a_device_may_choose_has_to_be_named():
    document = body(thing_groups=[ref("Site")], attributes={"line": ref("Line")})
    assert listed_parameters(document, "SerialNumber", ["Line"]) == ["Site"]


def test_a_name_that_the_body_does_not_know_is_refused():
    with pytest.raises(ValueError, match=r"device_parameters has Sit, which no resource .* give Site"):
        listed_parameters(body(thing_groups=[ref("Site")]), "SerialNumber", ["Sit"])


def test_a_hook_that_does_not_agree_with_the_body_is_refused():
    document = body(thing_groups=[ref("Site")])
    require_agreeing_hook(document, "SerialNumber", ["Line", "Site"])
    require_agreeing_hook(document, "SerialNumber", [], ["Site"])
    with pytest.raises(ValueError, match=r"reads Sn, which .* not declare: give .*: SerialNumber or Site"):
        require_agreeing_hook(document, "Sn", ["Site"])
    with pytest.raises(ValueError, match=r"listed_parameters=\['Site'\], or device_parameters=\['Site'\]"):
        require_agreeing_hook(document, "SerialNumber", [])
