"""The template files together show every shape that the guide documents, in files that break no rule."""

import json

from tests.support.template_files import template_files

SOUND = [file for file in template_files("fleet", "jitp", "bulk") if not file.broken_rules]
BODIES = [json.loads(file.text) for file in SOUND]
PROPERTIES = {
    "AWS::IoT::Thing": {
        "ThingName",
        "AttributePayload",
        "ThingTypeName",
        "ThingGroups",
        "BillingGroup",
        "PackageVersions",
    },
    "AWS::IoT::Certificate": {
        "CertificateId",
        "CertificateSigningRequest",
        "CertificatePem",
        "CACertificatePem",
        "Status",
        "ThingPrincipalType",
    },
    "AWS::IoT::Policy": {"PolicyName", "PolicyDocument"},
}
SETTINGS = {
    *((key, value) for key in ("AttributePayload", "ThingGroups") for value in ("MERGE",)),
    *(
        (key, value)
        for key in ("AttributePayload", "ThingGroups", "ThingTypeName", "Status")
        for value in ("DO_NOTHING", "REPLACE")
    ),
}
FUNCTIONS = {"Ref", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::Sub"}


def resources():
    return [resource for body in BODIES for resource in body["Resources"].values()]


def keys(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set(value if isinstance(value, dict) else ()).union(*map(keys, inner))


def test_there_are_at_least_forty():
    assert len(SOUND) >= 40


def test_every_section_and_every_function_is_used():
    assert {section for body in BODIES for section in body} == {
        "Parameters",
        "Mappings",
        "Resources",
        "DeviceConfiguration",
    }
    assert set().union(*map(keys, BODIES)) >= FUNCTIONS


def test_every_property_of_every_resource_is_used():
    for kind, properties in PROPERTIES.items():
        used = [set(each["Properties"]) for each in resources() if each["Type"] == kind]
        assert set().union(*used) == properties


def test_every_override_setting_is_used():
    used = [item for each in resources() for item in each.get("OverrideSettings", {}).items()]
    assert set(used) >= SETTINGS


def test_policies_and_statuses_are_written_in_every_way():
    documents = [each["Properties"].get("PolicyDocument") for each in resources()]
    assert {type(document) for document in documents} >= {dict, str}
    statuses = {str(each["Properties"].get("Status")) for each in resources()}
    assert statuses >= {"ACTIVE", "INACTIVE", "Active"}
    numbers = [[each["Type"] for each in body["Resources"].values()] for body in BODIES]
    assert any(types.count("AWS::IoT::Policy") > 1 for types in numbers)
