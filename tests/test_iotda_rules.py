"""Rules for pre-provisioning templates; ``templates/iotda`` has files for those about a template itself."""

import json

import pytest
from aws_cdk import Token
from hypothesis import given
from hypothesis import strategies as st

from device_provisioning.aws_iot import Severity
from device_provisioning.iotda import Context, DeviceCa, check, check_device_ca
from tests.support.iotda_bodies import Refused, require_create
from tests.support.strategies import json_values
from tests.support.template_files import template_files

FILES = template_files("iotda")
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
BODY = json.loads(next(file for file in FILES if file.path.stem == "valid-body").text)


def codes(template=BODY, **surroundings):
    findings = check(template, context=Context(**{"has_device_ca": True, **surroundings}))
    return [finding.code for finding in findings]


def is_accepted(document):
    """Whether the server of the tests, which knows the pages and not the rules, takes a create request."""
    request = (
        document if "template_body" in document else {"template_name": "pumps", "template_body": document}
    )
    try:
        require_create(request)
    except (Refused, KeyError, TypeError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("file", [file for file in FILES if "DP201-breaks" not in file.path.stem], ids=str)
def test_the_rules_find_an_error_in_what_the_api_refuses_and_in_nothing_else(file):
    findings = check(file.text)
    has_error = any(finding.severity is Severity.ERROR for finding in findings)
    # What IoTDA does with keys that it does not document is not documented.
    is_strange = any("is not documented here" in finding.message for finding in findings)
    assert has_error or is_strange or is_accepted(json.loads(file.text))
    assert not (has_error and is_accepted(json.loads(file.text)))


@pytest.mark.parametrize(
    ("has_device_ca", "expected"), [(True, []), (False, ["DP214"]), (None, ["DP000"])], ids=str
)
def test_a_template_without_a_device_ca_has_no_effect(has_device_ca, expected):
    assert codes(has_device_ca=has_device_ca) == expected


@pytest.mark.parametrize(("count", "expected"), [(None, []), (10, []), (11, ["DP215"])])
def test_an_instance_takes_10_templates(count, expected):
    assert codes(templates_on_instance=count) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"provision_enable": True, "has_template": True}, []),
        ({"provision_enable": False}, []),
        ({"provision_enable": True}, ["DP216"]),
        ({"content": PEM, "verification_certificate": PEM}, []),
        ({"content": "MIIB"}, ["DP217"]),
        ({"content": 7}, ["DP217"]),
        ({"content": PEM, "verification_certificate": "code"}, ["DP217"]),
        ({"content": PEM + "-----BEGIN EC PRIVATE KEY-----"}, ["DP217"]),
        ({"content": Token.as_string({"Ref": "Pem"})}, []),
    ],
)
def test_a_device_ca_is_a_certificate_and_provisions_through_a_template(settings, expected):
    assert [finding.code for finding in check_device_ca(DeviceCa(**settings))] == expected


def test_name_and_description_of_a_body_that_stands_alone_are_checked_too():
    assert codes(template_name="a b", description="a b") == ["DP209", "DP210"]
    assert codes(template_name="pumps", description="all-pumps") == []


def test_all_problems_are_reported_at_once_each_at_its_place():
    request = {
        "template_name": "a b",
        "template_body": {
            "parameters": {"iotda::certificate::country": {"type": "String"}, "serial": {"type": "String"}},
            "resources": {
                "device": {"device_name": "x", "product_id": "a.b", "tags": [{"tag_key": "k"}]},
                "policy": {"policy_ids": ["x"]},
            },
        },
    }
    findings = check(request, context=Context(has_device_ca=True, path="/Template"))
    assert [(finding.code, finding.path.removeprefix("/Template")) for finding in findings] == [
        ("DP203", "/template_body/resources/device"),
        ("DP204", "/template_body/resources/device/device_name"),
        ("DP206", "/template_body/parameters/serial"),
        ("DP208", "/template_body/parameters/iotda::certificate::country"),
        ("DP209", "/template_name"),
        ("DP211", "/template_body/resources/device/product_id"),
        ("DP212", "/template_body/resources/device/tags/0"),
        ("DP213", "/template_body/resources/policy/policy_ids/0"),
    ]


@pytest.mark.parametrize("value", [Token.as_string({"Ref": "Product"}), object()], ids=["token", "output"])
def test_a_value_that_an_engine_knows_later_is_skipped_and_reported(value):
    body = json.loads(json.dumps(BODY))
    body["resources"]["device"]["product_id"] = value
    [finding] = check(body, context=Context(has_device_ca=True))
    assert (finding.code, finding.path) == ("DP000", "/resources/device/product_id")


def test_a_silenced_rule_is_not_reported_and_needs_a_reason():
    assert check(BODY, context=Context(has_device_ca=False), silenced={"DP214": "bound in the console"}) == []
    with pytest.raises(ValueError, match="DP214 is silenced without a reason"):
        check(BODY, silenced={"DP214": ""})


@given(st.text() | json_values.map(json.dumps))
def test_any_text_is_judged(text):
    assert isinstance(check(text), list)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "template_name": json_values,
            "parameters": json_values,
            "resources": json_values
            | st.fixed_dictionaries(
                {
                    "device": json_values
                    | st.fixed_dictionaries({"tags": json_values, "node_id": json_values})
                },
                optional={"policy": json_values | st.fixed_dictionaries({"policy_ids": json_values})},
            ),
        },
    )
)
def test_any_body_is_judged_the_same_as_a_document_and_as_text(body):
    assert check(body) == check(json.dumps(body))
