"""Template bodies as models."""

import json

import pytest
from aws_cdk import Token
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from device_provisioning.aws_iot import (
    BulkTemplate,
    Certificate,
    FleetTemplate,
    JitpTemplate,
    Parameter,
    Policy,
    TemplateType,
    Thing,
    find_in_map,
    join,
    ref,
)
from tests.support.strategies import json_values
from tests.support.template_files import template_files

CERTIFICATE_ID = "AWS::IoT::Certificate::Id"
COMMON_NAME = "AWS::IoT::Certificate::CommonName"


class Output:
    """Stands for Pulumi's: anything that JSON does not know."""


def test_a_fleet_body_is_what_the_guide_shows():
    body = FleetTemplate(
        parameters={"SerialNumber": Parameter(), "Site": Parameter(default="lab")},
        mappings={"Sites": {"lab": {"Broker": "mqtt-lab"}}},
        thing=Thing(
            thing_name=join("-", ["sensor", ref("SerialNumber")]),
            thing_type_name="SensorV2",
            thing_groups=["sensors", ref("Site")],
            billing_group="field",
            attribute_payload={"serial": ref("SerialNumber")},
            override_settings={"AttributePayload": "MERGE"},
        ),
        certificate=Certificate(
            thing_principal_type="EXCLUSIVE_THING", override_settings={"Status": "REPLACE"}
        ),
        policies=[Policy(policy_name="sensor-runtime")],
        device_configuration={"broker": find_in_map("Sites", ref("Site"), "Broker")},
    )
    assert body.document == {
        "Parameters": {
            "SerialNumber": {"Type": "String"},
            "Site": {"Type": "String", "Default": "lab"},
            CERTIFICATE_ID: {"Type": "String"},
        },
        "Mappings": {"Sites": {"lab": {"Broker": "mqtt-lab"}}},
        "Resources": {
            "thing": {
                "Type": "AWS::IoT::Thing",
                "Properties": {
                    "ThingName": {"Fn::Join": ["-", ["sensor", {"Ref": "SerialNumber"}]]},
                    "ThingTypeName": "SensorV2",
                    "ThingGroups": ["sensors", {"Ref": "Site"}],
                    "BillingGroup": "field",
                    "AttributePayload": {"serial": {"Ref": "SerialNumber"}},
                },
                "OverrideSettings": {"AttributePayload": "MERGE"},
            },
            "certificate": {
                "Type": "AWS::IoT::Certificate",
                "Properties": {
                    "CertificateId": {"Ref": CERTIFICATE_ID},
                    "Status": "ACTIVE",
                    "ThingPrincipalType": "EXCLUSIVE_THING",
                },
                "OverrideSettings": {"Status": "REPLACE"},
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor-runtime"}},
        },
        "DeviceConfiguration": {"broker": {"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Broker"]}},
    }


def test_fleet_and_jitp_bodies_always_declare_the_certificate_id_and_bulk_bodies_what_is_given():
    common = {"thing": Thing(thing_name="a"), "policies": [Policy(policy_name="p")]}
    certificate = Certificate(certificate_signing_request=ref("CSR"))
    bulk = BulkTemplate(parameters={"CSR": Parameter()}, certificate=certificate, **common)
    assert CERTIFICATE_ID in FleetTemplate(parameters={}, **common).document["Parameters"]
    assert (
        CERTIFICATE_ID in JitpTemplate(parameters={COMMON_NAME: Parameter()}, **common).document["Parameters"]
    )
    assert list(bulk.document["Parameters"]) == ["CSR"]
    assert bulk.document["Resources"]["certificate"]["Properties"] == {
        "CertificateSigningRequest": {"Ref": "CSR"},
        "Status": "ACTIVE",
    }


def test_a_pem_goes_with_the_ca_that_signed_it():
    certificate = Certificate(certificate_pem=ref("Pem"), ca_certificate_pem=ref("CaPem"))
    assert certificate.document()["Properties"]["CACertificatePem"] == {"Ref": "CaPem"}


def test_several_policies_have_names_of_their_own():
    policies = [Policy(policy_name="a"), Policy(policy_document={"Version": "2012-10-17", "Statement": []})]
    resources = FleetTemplate(parameters={}, policies=policies).document["Resources"]
    assert list(resources) == ["certificate", "policy1", "policy2"]


def test_every_type_of_body_knows_its_type():
    assert [t.template_type for t in (FleetTemplate, JitpTemplate, BulkTemplate)] == list(TemplateType)


@pytest.mark.parametrize(
    ("part", "settings", "text"),
    [
        (Thing, {"thing_name": "a", "version": "1"}, "version"),
        (Thing, {"thing_name": "a", "thing_groups": "sensors"}, "thing_groups"),
        (Thing, {"thing_name": "a", "attribute_payload": [1]}, "attribute_payload"),
        (Thing, {}, "thing_name"),
        (Parameter, {"type": "Number"}, "String"),
        (Policy, {"name": "a"}, "name"),
        (FleetTemplate, {"parameters": {"A": "String"}}, "Parameter"),
        (FleetTemplate, {"parameters": {}, "outputs": {}}, "outputs"),
        (JitpTemplate, {"parameters": {}, "mappings": {}}, "mappings"),
    ],
)
def test_what_a_body_does_not_have_is_refused_by_name(part, settings, text):
    with pytest.raises(ValidationError, match=text):
        part(**settings)


def test_parts_and_bodies_do_not_change():
    thing = Thing(thing_name="a", attribute_payload={"b": "c"})
    body = FleetTemplate(parameters={}, thing=thing)
    body.document["Resources"]["thing"]["Properties"]["AttributePayload"]["b"] = "d"
    with pytest.raises(ValidationError, match="frozen"):
        thing.thing_name = "e"
    assert body == FleetTemplate(parameters={}, thing=thing)
    assert hash(body) == hash(FleetTemplate(parameters={}, thing=thing))
    assert body != JitpTemplate.from_document(body.document)


def test_values_that_an_engine_knows_later_pass_wherever_a_value_may_be():
    token, output = Token.as_string({"Ref": "Name"}), Output()
    groups = Token.as_list({"Ref": "Groups"})
    thing = Thing(thing_name=token, thing_groups=groups, attribute_payload=output, thing_type_name=output)
    body = FleetTemplate(
        parameters={"A": Parameter(default=output)},
        thing=thing,
        policies=[Policy(policy_name=output)],
        device_configuration=output,
    )
    properties = body.document["Resources"]["thing"]["Properties"]
    assert properties == {
        "ThingName": token,
        "ThingTypeName": output,
        "ThingGroups": groups,
        "AttributePayload": output,
    }
    assert body.document["DeviceConfiguration"] is output
    with pytest.raises(
        ValueError, match=r"known only on deployment, at .*/Parameters/A/Default.*Output.json_dumps"
    ):
        body.to_json()


@pytest.mark.parametrize(
    "file", [file for file in template_files("fleet", "jitp", "bulk") if not file.broken_rules]
)
def test_reading_and_writing_keeps_a_body_as_it_is(file):
    body = FleetTemplate.from_json(file.text)
    assert body.document == json.loads(file.text)
    assert json.loads(body.to_json()) == json.loads(file.text)


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_unknown_keys_odd_case_and_broken_parts_survive_reading(document):
    assert FleetTemplate.from_json(json.dumps(document)).document == document


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "the body is a JSON array: give a JSON object"),
        ("7", "the body is a JSON number: give a JSON object"),
        ("", "not well-formed JSON"),
        ("{'a': 1}", "not well-formed JSON"),
        ('{"a": NaN}', "NaN is not a JSON value"),
        ('{"a": ' * 64 + "{}" + "}" * 64, "deeper than 64 levels"),
        ('{"a": ' * 100_000 + "{}" + "}" * 100_000, "deeper than 64 levels"),
    ],
)
def test_a_text_that_is_no_body_is_refused_with_the_reason(text, problem):
    with pytest.raises(ValueError, match=problem):
        FleetTemplate.from_json(text)


def body_of_size(characters, filling="x"):
    rest = len(FleetTemplate.from_document({"a": ""}).to_json())
    return FleetTemplate.from_document({"a": filling * (characters - rest)})


def test_a_rendered_body_is_minified_and_may_have_10240_characters():
    assert FleetTemplate.from_json('{"a": [1,\n 2]}').to_json() == '{"a":[1,2]}'
    assert len(body_of_size(10240).to_json()) == 10240


@pytest.mark.parametrize(
    ("characters", "filling", "size"),
    [(10241, "x", "10241 characters and 10241 bytes"), (6000, "ä", "bytes")],
)
def test_a_body_beyond_the_limit_in_characters_or_in_bytes_is_not_rendered(characters, filling, size):
    with pytest.raises(ValueError, match=f"{size}.*at|{size}.*10240 of each"):
        body_of_size(characters, filling).to_json()


def test_half_a_character_is_not_rendered():
    with pytest.raises(ValueError, match="lone surrogate"):
        FleetTemplate.from_json('{"a": "\\ud800"}').to_json()
