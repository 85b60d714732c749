"""Intrinsic functions, evaluated for a device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot.evaluation import compile_template
from device_provisioning.aws_iot.template_type import TemplateType
from tests.support.bodies import a_body, declared, evaluated, reasons, resources

SITE = {"Ref": "Site"}
MAPPINGS = {
    "Text": "lab",
    "Sites": {"lab": {"Broker": "mqtt-lab", "Null": None}, "plant7": {"Broker": "mqtt-p7", "Empty": ""}},
}
PARAMETERS = {"SerialNumber": "A-1", "Site": "plant7", "Path": "eu/7/line", "Index": "1"}


def value_of(function):
    configuration = {"value": function}
    body = a_body(Parameters=declared(PARAMETERS), Mappings=MAPPINGS, DeviceConfiguration=configuration)
    return evaluated(body, PARAMETERS)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ({"Ref": "Site"}, "plant7"),
        ({"Fn::Join": ["-", ["sensor", SITE]]}, "sensor-plant7"),
        ({"Fn::Join": ["", []]}, ""),
        ({"Fn::Join": [SITE, ["a", "b"]]}, "aplant7b"),
        ({"Fn::Join": ["-", ["line", 7]]}, "line-7"),
        ({"Fn::Join": ["-", {"Fn::Split": ["/", {"Ref": "Path"}]}]}, "eu-7-line"),
        ({"Fn::Select": ["0", ["a", "b"]]}, "a"),
        ({"Fn::Select": [1, ["a", SITE]]}, "plant7"),
        ({"Fn::Select": [{"Ref": "Index"}, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["2", {"Fn::Split": ["/", {"Ref": "Path"}]}]}, "line"),
        ({"Fn::Select": [0, {"Fn::Split": ["!", "whole"]}]}, "whole"),
        ({"Fn::FindInMap": ["Sites", SITE, "Broker"]}, "mqtt-p7"),
        ({"Fn::FindInMap": ["Sites", "plant7", "Empty"]}, ""),
        ({"Fn::Sub": "sensor-${Site}-${SerialNumber}"}, "sensor-plant7-A-1"),
        ({"Fn::Sub": "nothing to replace"}, "nothing to replace"),
        ({"Fn::Sub": "${!Site}"}, "${Site}"),
        ({"Fn::Sub": ["${Own}-${Site}", {"Own": {"Fn::Join": ["", ["x", SITE]]}}]}, "xplant7-plant7"),
        ({"Fn::Sub": ["${Site}", {"Site": "mine"}]}, "mine"),
        ({"Fn::Sub": "${AWS::IoT::Certificate::Id}"}, "0" * 64),
        (
            {"Fn::Join": ["-", [{"Fn::Select": ["0", {"Fn::Split": ["/", {"Fn::Sub": "${Site}/x"}]}]}]]},
            "plant7",
        ),
    ],
)
def test_a_function_gives_its_value(function, expected):
    assert value_of(function).device_configuration == {"value": expected}


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        ({"Fn::Join": "-"}, "has an invalid Fn::Join: give [delimiter, [values]]: '-'"),
        ({"Fn::Join": ["-", "text"]}, "has an invalid Fn::Join: give [delimiter, [values]]"),
        ({"Fn::Join": ["-", ["a"], "b"]}, "has an invalid Fn::Join: give [delimiter, [values]]"),
        (
            {"Fn::Join": ["-", [["a"]]]},
            "has an invalid Fn::Join: a value is neither a string nor a whole number",
        ),
        ({"Fn::Join": ["-", [None]]}, "has an invalid Fn::Join: a value is neither"),
        ({"Fn::Join": ["-", [True]]}, "has an invalid Fn::Join: a value is neither"),
        ({"Fn::Join": ["-", [1.5]]}, "has an invalid Fn::Join: a value is neither"),
        ({"Fn::Select": ["3", ["a", "b"]]}, "has an invalid Fn::Select: the list has no value at the index"),
        ({"Fn::Select": ["-1", ["a"]]}, "has an invalid Fn::Select: the list has no value at the index"),
        ({"Fn::Select": ["0", [None]]}, "has an invalid Fn::Select: the list has no value at the index"),
        ({"Fn::Select": ["0", []]}, "has an invalid Fn::Select: the list has no value at the index"),
        ({"Fn::Select": ["one", ["a"]]}, "has an invalid Fn::Select: the index is not a whole number: 'one'"),
        ({"Fn::Select": ["0", "text"]}, "has an invalid Fn::Select: give [index, list]"),
        ({"Fn::Split": ["", "a"]}, "has an invalid Fn::Split: the delimiter is empty"),
        ({"Fn::Split": ["-", ["a"]]}, "has an invalid Fn::Split: give [delimiter, string]"),
        ({"Fn::FindInMap": ["Nothing", "a", "b"]}, "has an invalid Fn::FindInMap: the mappings have no such"),
        ({"Fn::FindInMap": ["Sites", "berlin", "Broker"]}, "has an invalid Fn::FindInMap: the mappings have"),
        ({"Fn::FindInMap": ["Sites", "lab", "Port"]}, "has an invalid Fn::FindInMap: the mappings have no"),
        (
            {"Fn::FindInMap": ["Sites", "lab"]},
            "has an invalid Fn::FindInMap: give [map, top key, second key]",
        ),
        ({"Fn::Sub": ["${Site}"]}, "has an invalid Fn::Sub: give a string, or [string, {variable: value}]"),
        ({"Fn::Sub": ["${List}", {"List": ["a"]}]}, "has an invalid Fn::Sub: a value is neither"),
        ({"Fn::GetAtt": ["a", "b"]}, "has Fn::GetAtt, which is not a function of provisioning templates"),
        ({"Ref": ["Site"]}, "has a Ref to something that is not a name of a parameter"),
    ],
)
def test_a_function_that_cannot_work_makes_the_template_invalid(function, problem):
    outcome = value_of(function)
    assert reasons(outcome) == [("InvalidTemplate", "/DeviceConfiguration/value")]
    assert str(outcome.failures[0]).startswith(f"/DeviceConfiguration/value {problem}")


@pytest.mark.parametrize(
    "function", [{"Ref": "Unknown"}, {"Fn::Sub": "${Unknown}"}, {"Fn::Sub": "${AWS::Region}"}]
)
def test_a_reference_without_a_value_is_refused(function):
    outcome = value_of(function)
    assert reasons(outcome) == [("InvalidParameters", "/DeviceConfiguration/value")]
    assert "has a reference that can't be resolved: " in outcome.failures[0].problem


def test_a_list_is_no_value_of_a_device_configuration():
    outcome = value_of({"Fn::Split": ["-", "a-b"]})
    assert reasons(outcome) == [("InvalidTemplate", "/DeviceConfiguration/value")]
    assert "is a list: give a value that holds no others" in str(outcome.failures[0])


@pytest.mark.parametrize("name", ["PolicyName", "PolicyDocument"])
def test_join_is_not_supported_in_policies_and_the_other_functions_are(name):
    joined = evaluated(a_body(Resources=resources(policy={name: {"Fn::Join": ["", ["a"]]}})))
    assert reasons(joined) == [("InvalidTemplate", f"/Resources/policy/Properties/{name}")]
    assert "has Fn::Join, which AWS IoT does not support in policies" in str(joined.failures[0])
    assert evaluated(
        a_body(Resources=resources(policy={"PolicyName": {"Fn::Sub": "p-${SerialNumber}"}}))
    ).policies == [{"policyName": "p-A-1"}]


def test_an_object_with_more_than_one_key_is_no_function():
    document = {"Version": "2012-10-17", "Statement": [{"Ref": "Site", "Effect": "Deny"}]}
    outcome = evaluated(a_body(Resources=resources(policy={"PolicyDocument": document})), PARAMETERS)
    assert outcome.policies == [{"policyDocument": document}]


def test_functions_work_inside_a_policy_document():
    document = {"Statement": [{"Resource": {"Fn::Sub": "client/${SerialNumber}"}}]}
    outcome = evaluated(a_body(Resources=resources(policy={"PolicyDocument": document})))
    assert outcome.policies == [{"policyDocument": {"Statement": [{"Resource": "client/A-1"}]}}]


@given(st.lists(st.text(max_size=5), min_size=1, max_size=5), st.text("-/.", min_size=1, max_size=2))
def test_what_join_puts_together_split_takes_apart(parts, delimiter):
    joined = {"Fn::Join": [delimiter, [{"Ref": f"P{index}"} for index in range(len(parts))]]}
    first = {"Fn::Select": ["0", {"Fn::Split": [delimiter, joined]}]}
    parameters = {"SerialNumber": "A-1", **{f"P{index}": part for index, part in enumerate(parts)}}
    body = a_body(Parameters=declared(parameters), DeviceConfiguration={"joined": joined, "first": first})
    compiled = compile_template(body, TemplateType.FLEET_PROVISIONING)
    whole = delimiter.join(parts)
    assert compiled.evaluate(parameters).device_configuration == {
        "joined": whole,
        "first": whole.split(delimiter)[0],
    }
