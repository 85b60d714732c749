"""What a device gets as a whole, and why one gets nothing."""

import json

import pytest
from aws_cdk import Token

from device_provisioning.aws_iot import (
    BulkTemplate,
    Certificate,
    FleetTemplate,
    Parameter,
    Policy,
    TemplateType,
    Thing,
    ref,
)
from device_provisioning.aws_iot.evaluation import ExistingThing, Result, compile_template, evaluate
from tests.support.bodies import CERTIFICATE_ID, a_body, evaluated, reasons, resources

CERTIFICATE = "/Resources/certificate/Properties"


def test_a_template_of_every_section_gives_a_device_everything():
    body = FleetTemplate(
        parameters={"SerialNumber": Parameter(), "Site": Parameter(default="lab")},
        thing=Thing(
            thing_name=ref("SerialNumber"),
            thing_type_name="SensorV2",
            thing_groups=["sensors", ref("Site")],
            billing_group="field",
            attribute_payload={"site": ref("Site")},
        ),
        certificate=Certificate(status="INACTIVE"),
        policies=[Policy(policy_name="sensor"), Policy(policy_document='{"Statement": []}')],
        device_configuration={"site": ref("Site"), "schema": "3"},
    )
    outcome = evaluate(body, {"SerialNumber": "A-1"})
    assert outcome.document == {
        "result": "provisioned",
        "thingName": "A-1",
        "thingTypeName": "SensorV2",
        "thingGroups": ["sensors", "lab"],
        "billingGroupName": "field",
        "attributes": {"site": "lab"},
        "certificateStatus": "INACTIVE",
        "policies": [{"policyName": "sensor"}, {"policyDocument": {"Statement": []}}],
        "deviceConfiguration": {"site": "lab", "schema": "3"},
    }
    assert json.loads(json.dumps(outcome.document)) == outcome.document


def test_a_template_without_a_thing_registers_a_certificate_alone():
    parts = resources()
    del parts["thing"]
    outcome = evaluated(a_body(Resources=parts))
    assert (outcome.result, outcome.thing_name) == (Result.PROVISIONED, None)
    assert (outcome.certificate_status, outcome.policies) == ("ACTIVE", [{"policyName": "sensor"}])


def test_a_thing_that_exists_is_provisioned_again():
    assert evaluated(a_body(), existing={"A-1": ExistingThing()}).result is Result.REPROVISIONED
    assert evaluated(a_body(), existing={"A-2": ExistingThing()}).result is Result.PROVISIONED


@pytest.mark.parametrize(("status", "expected"), [("Active", "ACTIVE"), ("inactive", "INACTIVE")])
def test_a_status_is_taken_in_any_case(status, expected):
    outcome = evaluated(a_body(Resources=resources(certificate={"Status": status})))
    assert outcome.certificate_status == expected


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ({"Status": "REVOKED"}, f"{CERTIFICATE}/Status"),
        ({"Status": 1}, f"{CERTIFICATE}/Status"),
        ({"ThingPrincipalType": "SHARED"}, f"{CERTIFICATE}/ThingPrincipalType"),
        ({"CertificateId": "0" * 64}, f"{CERTIFICATE}/CertificateId"),
        ({"CertificateId": {"Ref": "SerialNumber"}}, f"{CERTIFICATE}/CertificateId"),
        ({"CertificatePem": "PEM"}, CERTIFICATE),
    ],
)
def test_a_certificate_that_no_parameter_can_make_right_is_an_invalid_template(properties, place):
    outcome = evaluated(a_body(Resources=resources(certificate=properties)), {"SerialNumber": "0" * 64})
    assert reasons(outcome) == [("InvalidTemplate", place)]


@pytest.mark.parametrize(
    "way",
    [
        {"certificate_signing_request": ref("Pem")},
        {"certificate_pem": ref("Pem"), "ca_certificate_pem": "CA"},
    ],
)
def test_a_bulk_registration_takes_a_request_or_a_certificate(way):
    body = BulkTemplate(
        parameters={"Pem": Parameter()}, thing=Thing(thing_name="t"), certificate=Certificate(**way)
    )
    assert evaluate(body, {"Pem": "-----BEGIN"}).certificate_status == "ACTIVE"
    assert reasons(evaluate(body, {"Pem": ""}))[0][0] == "ProvisioningFailed"


def test_only_a_fleet_template_gives_a_device_configuration():
    body = a_body(DeviceConfiguration={"a": "b"})
    parameters = {"SerialNumber": "A-1", CERTIFICATE_ID: "0" * 64}
    given = {
        kind: evaluated(body, parameters, template_type=kind).device_configuration for kind in TemplateType
    }
    assert given == {"FLEET_PROVISIONING": {"a": "b"}, "JITP": {}, "BULK": {}}


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ({"PolicyName": "a", "PolicyDocument": {}}, ""),
        ({"PolicyName": None}, ""),
        ({"PolicyDocument": []}, "/PolicyDocument"),
        ({"PolicyName": 7}, "/PolicyName"),
    ],
)
def test_a_policy_has_one_name_or_one_document(policy, place):
    outcome = evaluated(a_body(Resources=resources(policy=policy)))
    assert reasons(outcome) == [("InvalidTemplate", f"/Resources/policy/Properties{place}")]


@pytest.mark.parametrize("payload", [{"attributes": {"site": "lab"}}, {"Ref": "SerialNumber"}])
def test_attributes_are_a_flat_object(payload):
    outcome = evaluated(a_body(Resources=resources(thing={"AttributePayload": payload})))
    ((reason, place),) = reasons(outcome)
    assert reason == "InvalidTemplate"
    assert place.startswith("/Resources/thing/Properties/AttributePayload")


def test_every_failure_of_a_device_is_reported_at_once_each_with_its_resource():
    parts = resources(
        thing={
            "ThingTypeName": "a b",
            "ThingGroups": [{"Ref": "None"}],
            "AttributePayload": {"room": "room 7"},
        },
        certificate={"Status": "REVOKED"},
        policy={"PolicyName": "a:b"},
    )
    outcome = evaluated(
        a_body(Resources=parts, DeviceConfiguration={"x": {"Ref": "None"}}), {"SerialNumber": ""}
    )
    assert {(str(f.reason), f.path, f.resource) for f in outcome.failures} == {
        ("ProvisioningFailed", "/Resources/thing/Properties/ThingName", "thing"),
        ("ProvisioningFailed", "/Resources/thing/Properties/ThingTypeName", "thing"),
        ("InvalidParameters", "/Resources/thing/Properties/ThingGroups", "thing"),
        ("ProvisioningFailed", "/Resources/thing/Properties/AttributePayload/room", "thing"),
        ("InvalidTemplate", "/Resources/certificate/Properties/Status", "certificate"),
        ("ProvisioningFailed", "/Resources/policy/Properties/PolicyName", "policy"),
        ("InvalidParameters", "/DeviceConfiguration/x", None),
    }
    assert outcome.document["failures"][0] == {
        "reason": "ProvisioningFailed",
        "path": "/Resources/thing/Properties/ThingName",
        "problem": "is empty",
        "given": "",
    }
    assert (outcome.thing_name, outcome.policies, outcome.device_configuration) == (None, (), {})


def test_a_resource_is_reported_by_its_own_name():
    parts = {f"{name}/~1": part for name, part in resources().items()}
    (failure,) = evaluated(a_body(Resources=parts), {"SerialNumber": "a b"}).failures
    assert failure.path == "/Resources/thing~1~01/Properties/ThingName"
    assert failure.resource == "thing/~1"


def test_what_an_engine_knows_later_passes():
    parts = resources(
        thing={"ThingTypeName": Token.as_string({"Ref": "Type"}), "AttributePayload": {"a": object()}},
        policy={"PolicyName": Token.as_string({"Ref": "Policy"})},
    )
    assert evaluated(a_body(Resources=parts)).result is Result.PROVISIONED


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "the body is a list: give a JSON object"),
        ({}, "/Resources has 0 resources of type AWS::IoT::Certificate: give one"),
        ({"Resources": []}, "/Resources is a list: give an object"),
        ({**a_body(), "Mappings": "x"}, "/Mappings is a str: give an object"),
        ({**a_body(), "Parameters": {"a/b": "x"}}, "/Parameters/a~1b is a str: give an object"),
        (a_body(Resources={**resources(), "x": 1}), "/Resources/x is a int: give an object"),
        (a_body(Resources={**resources(), "x": {"Type": "y"}}), "/Resources/x/Properties is missing"),
        (a_body(Resources=resources(override_settings="x")), "/Resources/thing/OverrideSettings is a str"),
        (
            a_body(Resources=resources(thing={"AttributePayload": []})),
            "Properties/AttributePayload is a list",
        ),
        (
            a_body(Resources={**resources(), "other": resources()["certificate"]}),
            "/Resources has 2 resources of type AWS::IoT::Certificate: give one",
        ),
        (
            a_body(Resources={**resources(), "other": resources()["thing"]}),
            "/Resources has 2 resources of type AWS::IoT::Thing: give one, or none",
        ),
    ],
)
def test_a_body_that_fits_no_device_cannot_be_compiled(document, problem):
    with pytest.raises(ValueError) as refused:
        compile_template(document, TemplateType.FLEET_PROVISIONING)
    assert problem in str(refused.value)


def test_everything_that_keeps_a_body_from_being_compiled_is_reported_at_once():
    with pytest.raises(ValueError) as refused:
        compile_template({"Parameters": [], "Mappings": [], "Resources": "x"}, TemplateType.JITP)
    assert len(str(refused.value).splitlines()) == 3


def test_a_part_that_is_null_is_left_out():
    body = a_body(Mappings=None, DeviceConfiguration=None)
    body["Resources"]["thing"]["OverrideSettings"] = None
    body["Resources"]["thing"]["Properties"]["ThingName"] = "sensor"
    assert evaluated({**body, "Parameters": None}).result is Result.PROVISIONED
