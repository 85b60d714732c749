"""What a template body can touch."""

import pytest

from device_provisioning.aws_iot.touched_resources import (
    TouchedResources,
    name_patterns,
    touched_resources,
    within_prefix,
)

SERIAL = {"Ref": "SerialNumber"}
MAPPINGS = {"Sites": {"lab": {"Group": "lab-sensors"}, "plant": {"Group": "plant-sensors"}}}


@pytest.mark.parametrize(
    ("value", "patterns"),
    [
        ("sensor", ("sensor",)),
        (SERIAL, ("*",)),
        ({"Fn::Join": ["-", ["sensor", SERIAL, "eu"]]}, ("sensor-*-eu",)),
        ({"Fn::Join": [SERIAL, ["a", "b"]]}, ("*",)),
        ({"Fn::Sub": "sensor-${SerialNumber}-${Site}"}, ("sensor-*-*",)),
        ({"Fn::Sub": ["sensor-${x}", {"x": "1"}]}, ("*",)),
        ({"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Group"]}, ("lab-sensors", "plant-sensors")),
        ({"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Missing"]}, ("*",)),
        ({"Fn::FindInMap": ["Missing", "lab", "Group"]}, ("*",)),
        ({"Fn::Select": ["0", ["a", "b"]]}, ("*",)),
        (None, ("*",)),
    ],
)
def test_a_value_shows_as_much_of_the_name_as_is_known(value, patterns):
    assert name_patterns(value, MAPPINGS) == patterns


def body(**thing):
    return {
        "Resources": {
            "thing": {"Type": "AWS::IoT::Thing", "Properties": thing},
            "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": SERIAL}},
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor"}},
        }
    }


def test_names_of_every_kind_are_found():
    touched = touched_resources(
        body(ThingName="a", ThingTypeName="type", ThingGroups=["one", "two"], BillingGroup="field")
    )
    assert touched.things == ("a",)
    assert touched.thing_types == ("type",)
    assert touched.thing_groups == ("one", "two")
    assert touched.billing_groups == ("field",)
    assert touched.policies == ("sensor",)
    assert not touched.creates_policies
    assert not touched.brings_certificates


def test_one_unknown_group_makes_every_group_possible():
    assert touched_resources(body(ThingName="a", ThingGroups=["one", SERIAL])).thing_groups == ("*",)


def test_a_policy_document_means_that_policies_are_made():
    policy = {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": "{}"}}
    touched = touched_resources({"Resources": {"policy": policy}})
    assert touched.creates_policies
    assert touched.policies == ()


def test_a_certificate_without_an_id_is_brought_by_the_device():
    certificate = {"Type": "AWS::IoT::Certificate", "Properties": {"CertificatePem": SERIAL}}
    assert touched_resources({"Resources": {"certificate": certificate}}).brings_certificates


def test_replaced_groups_are_seen():
    document = body(ThingName="a", ThingGroups=["one"])
    document["Resources"]["thing"]["OverrideSettings"] = {"ThingGroups": "REPLACE"}
    assert touched_resources(document).replaces_thing_groups


@pytest.mark.parametrize("document", [{}, {"Resources": []}, {"Resources": {"x": 1}}, {"Mappings": 3}])
def test_a_body_that_is_not_one_touches_nothing(document):
    assert touched_resources(document).things == ()


@pytest.mark.parametrize(
    ("names", "prefix", "narrowed"),
    [
        (("*",), "pump-", ("pump-*",)),
        (("*",), "", ("*",)),
        (("pump-*",), "pump-7-", ("pump-7-*",)),
        (("pump-7-*", "pump-8"), "pump-", ("pump-7-*", "pump-8")),
        (("${Token[Name.1]}",), "pump-", ("pump-*",)),
        (("*",), "${Token[Prefix.1]}", ("${Token[Prefix.1]}*",)),
        ((), "pump-", ()),
    ],
)
def test_a_prefix_narrows_the_things_and_widens_none(names, prefix, narrowed):
    assert within_prefix(TouchedResources(things=names), prefix).things == narrowed


@pytest.mark.parametrize(
    ("names", "prefix", "problem"),
    [
        (("valve-*",), "pump-", "the body names its thing 'valve-\\*'"),
        (("pump",), "pump-", "the body names its thing 'pump'"),
        (("*",), "*", "thing_name_prefix '\\*' has characters other than"),
        (("*",), "p?", "thing_name_prefix 'p\\?' has characters other than"),
    ],
)
def test_a_prefix_that_no_thing_of_the_body_can_have_is_refused(names, prefix, problem):
    with pytest.raises(ValueError, match=problem):
        within_prefix(TouchedResources(things=names), prefix)
