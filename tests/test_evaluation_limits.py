"""AWS IoT's limits, held against the values that parameters make: on both sides of each."""

import pytest

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import ExistingThing, Result
from tests.support.bodies import CERTIFICATE_ID, a_body, declared, evaluated, reasons, resources

THING = "/Resources/thing/Properties"
VALUE = {"Ref": "Value"}


def with_value(value, **parts):
    supplied = {"SerialNumber": "A-1", "Value": value}
    return evaluated(a_body(Parameters=declared(supplied), Resources=resources(**parts)), supplied)


NAMED = ["ThingName", "ThingTypeName", "BillingGroup"]


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("value", ["x", "x" * 128, "aZ0:_-"])
def test_names_of_1_to_128_characters_are_taken(name, value):
    assert with_value(value, thing={name: VALUE}).result is Result.PROVISIONED


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "is empty"),
        ("x" * 129, "has more than 128 characters"),
        ("a b", "has characters other than a-zA-Z0-9:_-"),
        ("a\n", "has characters other than a-zA-Z0-9:_-"),
        ("ä", "has characters other than a-zA-Z0-9:_-"),
    ],
)
def test_other_names_are_refused(name, value, problem):
    outcome = with_value(value, thing={name: VALUE})
    assert reasons(outcome) == [("ProvisioningFailed", f"{THING}/{name}")]
    assert (outcome.failures[0].problem, outcome.failures[0].given) == (problem, value)
    assert outcome.failures[0].resource == "thing"


@pytest.mark.parametrize(
    ("value", "fits"), [("x" * 128, True), ("x" * 129, False), ("a b", False), ("", False)]
)
def test_names_of_groups_have_the_same_limits(value, fits):
    outcome = with_value(value, thing={"ThingGroups": ["sensors", VALUE]})
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", f"{THING}/ThingGroups")])


@pytest.mark.parametrize(
    ("value", "fits"),
    [("", True), ("x" * 800, True), ("a/b=[1]", True), ("x" * 801, False), ("room 7", False), ("ä", False)],
)
def test_an_attribute_has_at_most_800_characters_and_no_blank(value, fits):
    outcome = with_value(value, thing={"AttributePayload": {"room": VALUE}})
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", f"{THING}/AttributePayload/room")])


@pytest.mark.parametrize(
    ("name", "fits"), [("x" * 128, True), ("a/b#1", True), ("x" * 129, False), ("a b", False)]
)
def test_the_name_of_an_attribute_has_1_to_128_characters(name, fits):
    outcome = with_value("v", thing={"AttributePayload": {name: VALUE}})
    place = f"{THING}/AttributePayload/{name.replace('/', '~1')}"
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", place)])


@pytest.mark.parametrize(
    ("count", "kind", "fits"),
    [(3, None, True), (4, None, False), (50, "Sensor", True), (51, "Sensor", False)],
)
def test_a_thing_has_3_attributes_and_50_with_a_type(count, kind, fits):
    attributes = {f"a{number}": "1" for number in range(count)}
    outcome = with_value("v", thing={"AttributePayload": attributes, "ThingTypeName": kind})
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", f"{THING}/AttributePayload")])


@pytest.mark.parametrize(("kind", "fits"), [("Sensor", True), (None, False)])
def test_attributes_are_counted_after_they_are_merged(kind, fits):
    body = a_body(
        Resources=resources(
            thing={"AttributePayload": {"a": "1", "b": "2"}}, override_settings={"AttributePayload": "MERGE"}
        )
    )
    existing = {"A-1": ExistingThing(kind, {"b": "0", "c": "3", "d": "4"})}
    outcome = evaluated(body, existing=existing)
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", f"{THING}/AttributePayload")])


@pytest.mark.parametrize(("count", "fits"), [(10, True), (11, False)])
def test_a_thing_is_in_10_groups_at_most(count, fits):
    outcome = with_value("v", thing={"ThingGroups": [f"g{number}" for number in range(count)]})
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", f"{THING}/ThingGroups")])


def test_groups_are_counted_after_they_are_merged():
    body = a_body(
        Resources=resources(thing={"ThingGroups": ["g", "new"]}, override_settings={"ThingGroups": "MERGE"})
    )
    full = [f"g{number}" for number in range(9)]
    assert evaluated(body, existing={"A-1": ExistingThing(thing_groups=[*full, "g"])}).failures
    assert evaluated(body, existing={"A-1": ExistingThing(thing_groups=full[1:])}).thing_groups == [
        *full[1:],
        "g",
        "new",
    ]


def test_a_group_that_stands_twice_counts_once():
    groups = ["g", VALUE, *(f"g{number}" for number in range(9))]
    assert len(with_value("g", thing={"ThingGroups": groups}).thing_groups) == 10


@pytest.mark.parametrize(("count", "fits"), [(10, True), (11, False)])
def test_a_certificate_has_10_policies_at_most(count, fits):
    parts = resources()
    del parts["policy"]
    parts |= {
        f"p{number}": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": f"p{number}"}}
        for number in range(count)
    }
    assert reasons(evaluated(a_body(Resources=parts))) == (
        [] if fits else [("ProvisioningFailed", "/Resources")]
    )


@pytest.mark.parametrize(
    ("value", "fits"), [("x" * 128, True), ("_+=,.@-", True), ("x" * 129, False), ("a:b", False), ("", False)]
)
def test_the_name_of_a_policy_has_1_to_128_characters(value, fits):
    outcome = with_value(value, policy={"PolicyName": VALUE})
    assert reasons(outcome) == (
        [] if fits else [("ProvisioningFailed", "/Resources/policy/Properties/PolicyName")]
    )


@pytest.mark.parametrize(("filling", "fits"), [(2048, True), (2049, False)])
@pytest.mark.parametrize("form", [dict, str])
def test_a_policy_document_has_2048_characters_blanks_not_counted(filling, fits, form):
    empty = '{ "Statement": [], "Sid": "" }'
    text = empty.replace('""', '"' + "x" * (filling - len("".join(empty.split()))) + '"')
    document = text if form is str else {"Statement": [], "Sid": text.split('"')[-2]}
    outcome = with_value("v", policy={"PolicyDocument": document})
    place = "/Resources/policy/Properties/PolicyDocument"
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", place)])


@pytest.mark.parametrize("text", ["no JSON", "[]", "[" * 100_000, '"text"', ""])
def test_a_policy_document_is_a_json_object(text):
    outcome = with_value(text[:4000], policy={"PolicyDocument": VALUE})
    assert reasons(outcome) == [("InvalidTemplate", "/Resources/policy/Properties/PolicyDocument")]


@pytest.mark.parametrize(
    ("value", "fits"), [("0" * 64, True), ("aF" * 32, True), ("0" * 63, False), ("g" * 64, False)]
)
def test_the_id_of_a_certificate_has_64_hexadecimal_digits(value, fits):
    body = a_body(Parameters={"SerialNumber": {"Type": "String"}, CERTIFICATE_ID: {"Type": "String"}})
    outcome = evaluated(body, {"SerialNumber": "A-1", CERTIFICATE_ID: value}, template_type=TemplateType.BULK)
    place = "/Resources/certificate/Properties/CertificateId"
    assert reasons(outcome) == ([] if fits else [("ProvisioningFailed", place)])


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("Note", "x" * 4096, True),
        ("Note", "x" * 4097, False),
        ("N" * 2048, "x", True),
        ("N" * 2049, "x", False),
    ],
)
def test_a_parameter_has_a_name_of_2048_and_a_value_of_4096_characters(name, value, fits):
    outcome = evaluated(a_body(), {"SerialNumber": "A-1", name: value})
    assert reasons(outcome) == ([] if fits else [("InvalidParameters", "")])
    assert outcome.failures == () or outcome.failures[0].given == name


def test_many_parameters_that_are_small_enough_each_are_taken():
    parameters = {f"P{number}": "x" * 4000 for number in range(50)}
    assert evaluated(a_body(), {"SerialNumber": "A-1", **parameters}).result is Result.PROVISIONED
