"""Where the values of parameters come from."""

import pytest

from device_provisioning.aws_iot import TemplateType
from tests.support.bodies import CERTIFICATE_ID, a_body, evaluated, reasons, resources

COMMON_NAME, COUNTRY = "AWS::IoT::Certificate::CommonName", "AWS::IoT::Certificate::Country"
SITE = "/DeviceConfiguration/site"


def with_site(**parameter):
    return a_body(
        Parameters={"SerialNumber": {"Type": "String"}, "Site": {"Type": "String", **parameter}},
        DeviceConfiguration={"site": {"Ref": "Site"}},
    )


@pytest.mark.parametrize(
    ("parameter", "supplied", "overrides", "expected"),
    [
        ({}, {"Site": "device"}, None, "device"),
        ({"Default": "default"}, {}, None, "default"),
        ({"Default": "default"}, {"Site": "device"}, None, "device"),
        ({"Default": "default"}, {"Site": ""}, None, ""),
        ({"Default": "default"}, {}, {"Site": "hook"}, "hook"),
        ({}, {}, {"Site": "hook"}, "hook"),
        ({}, {"Site": "device"}, {"Site": "hook"}, "hook"),
        ({}, {"Site": "device"}, {}, "device"),
        ({}, {"Site": "device"}, {"Other": "hook"}, "device"),
    ],
)
def test_the_hook_wins_over_the_device_and_the_device_over_the_default(
    parameter, supplied, overrides, expected
):
    outcome = evaluated(with_site(**parameter), {"SerialNumber": "A-1", **supplied}, overrides=overrides)
    assert outcome.device_configuration == {"site": expected}


@pytest.mark.parametrize("parameter", [{}, {"Default": "default"}])
def test_a_hook_that_overrides_with_null_leaves_the_parameter_without_a_value(parameter):
    supplied = {"SerialNumber": "A-1", "Site": "device"}
    assert reasons(evaluated(with_site(**parameter), supplied, overrides={"Site": None})) == [
        ("InvalidParameters", SITE)
    ]


def test_a_parameter_that_nobody_supplies_fails_where_it_is_referred_to():
    assert reasons(evaluated(with_site())) == [("InvalidParameters", SITE)]


def test_a_parameter_that_nothing_refers_to_may_lack_a_value():
    body = a_body(Parameters={"SerialNumber": {"Type": "String"}, "Unused": {"Type": "String"}})
    assert evaluated(body).failures == ()


def test_a_parameter_that_the_template_does_not_declare_does_no_harm():
    assert evaluated(a_body(), {"SerialNumber": "A-1", "Colour": "red"}).thing_name == "A-1"


@pytest.mark.parametrize(
    "given", [{"parameters": {"SerialNumber": "A-1", "Site": "lab"}}, {"overrides": {"Site": "lab"}}]
)
def test_a_reference_to_what_the_template_does_not_declare_fails_whoever_supplies_it(given):
    body = a_body(DeviceConfiguration={"site": {"Ref": "Site"}})
    assert reasons(evaluated(body, **given)) == [("InvalidParameters", SITE)]


@pytest.mark.parametrize("value", [7, None, True, ["A-1"], {"a": "b"}])
def test_a_value_that_is_no_text_is_refused_by_name(value):
    (failure,) = evaluated(a_body(), {"SerialNumber": value}).failures
    assert failure.reason == "InvalidParameters"
    assert failure.problem.endswith(", and AWS IoT accepts only strings")
    assert failure.given == "SerialNumber"


def test_aws_iot_supplies_the_id_of_the_certificate_and_the_hook_cannot():
    body = a_body(DeviceConfiguration={"id": {"Ref": CERTIFICATE_ID}})
    assert evaluated(body).device_configuration == {"id": "0" * 64}
    assumed = {"SerialNumber": "A-1", CERTIFICATE_ID: "f" * 64}
    assert evaluated(body, assumed).device_configuration == {"id": "f" * 64}
    assert evaluated(body, overrides={CERTIFICATE_ID: "a" * 64}).device_configuration == {"id": "0" * 64}


def test_a_bulk_registration_has_no_id_of_a_certificate_but_a_given_one():
    outcome = evaluated(a_body(), {"SerialNumber": "A-1"}, template_type=TemplateType.BULK)
    assert reasons(outcome) == [("InvalidParameters", "/Resources/certificate/Properties/CertificateId")]


def a_jitp_body(**parameters):
    declared = {name: {"Type": "String"} for name in (COMMON_NAME, CERTIFICATE_ID)}
    return a_body(
        Parameters={**declared, **parameters}, Resources=resources(thing={"ThingName": {"Ref": COMMON_NAME}})
    )


def test_jitp_takes_its_parameters_from_the_subject_of_the_certificate():
    outcome = evaluated(a_jitp_body(), {COMMON_NAME: "pump-7"}, template_type=TemplateType.JITP)
    assert (outcome.thing_name, outcome.certificate_status) == ("pump-7", "ACTIVE")


def test_jitp_fails_for_a_declared_field_that_the_subject_lacks_even_if_nothing_refers_to_it():
    body = a_jitp_body(**{COUNTRY: {"Type": "String"}})
    outcome = evaluated(body, {COMMON_NAME: "pump-7"}, template_type=TemplateType.JITP)
    (failure,) = outcome.failures
    assert (failure.reason, failure.path) == ("InvalidParameters", f"/Parameters/{COUNTRY}")
    assert failure.problem == "is declared, but the certificate's subject has no value for it"
    assert not evaluated(
        body, {COMMON_NAME: "pump-7", COUNTRY: "DE"}, template_type=TemplateType.JITP
    ).failures


def test_jitp_needs_no_field_with_a_default():
    body = a_jitp_body(**{COUNTRY: {"Type": "String", "Default": "DE"}})
    assert not evaluated(body, {COMMON_NAME: "pump-7"}, template_type=TemplateType.JITP).failures
