"""Bodies of pre-provisioning templates, and what IoTDA would register for a certificate."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from device_provisioning.iotda import CertificateField, Device, Tag, TemplateBody, check, evaluate, ref
from device_provisioning.iotda.evaluation import Result

EXAMPLES = json.loads((Path(__file__).parent / "support" / "iotda_vendor_examples.json").read_text("utf-8"))[
    "requests"
]
COMMON_NAME = ref(CertificateField.COMMON_NAME)
UNIT = ref(CertificateField.ORGANIZATIONAL_UNIT)
SUBJECT = {"iotda::certificate::common_name": "pump-7", "iotda::certificate::organizational_unit": "line-4"}


def a_body(**fields):
    device = {"node_id": COMMON_NAME, "product_id": "642bf260f2f9030e44210d8d", **fields}
    return TemplateBody(device=Device(**device), policy_ids=["5c90fa7d3c4e4405e8525079"])


def test_a_body_declares_what_it_refers_to_and_nothing_else():
    body = a_body(device_name=COMMON_NAME, tags=[Tag(tag_key="line", tag_value=UNIT)])
    assert body.document == {
        "parameters": {
            "iotda::certificate::common_name": {"type": "String"},
            "iotda::certificate::organizational_unit": {"type": "String"},
        },
        "resources": {
            "device": {
                "device_name": {"ref": "iotda::certificate::common_name"},
                "node_id": {"ref": "iotda::certificate::common_name"},
                "product_id": "642bf260f2f9030e44210d8d",
                "tags": [
                    {"tag_key": "line", "tag_value": {"ref": "iotda::certificate::organizational_unit"}}
                ],
            },
            "policy": {"policy_ids": ["5c90fa7d3c4e4405e8525079"]},
        },
    }


def test_a_body_can_demand_fields_that_it_does_not_use():
    device = Device(node_id=COMMON_NAME, product_id="p")
    body = TemplateBody(device=device, parameters=list(CertificateField))
    assert list(body.document["parameters"]) == [str(field) for field in CertificateField]


@pytest.mark.parametrize("request_body", EXAMPLES, ids=lambda each: each["template_name"])
def test_a_body_is_read_and_written_as_it_is(request_body):
    body = TemplateBody.from_document(request_body["template_body"])
    assert TemplateBody.from_json(body.to_json()) == body
    assert json.loads(body.to_json()) == request_body["template_body"]


@pytest.mark.parametrize("request_body", EXAMPLES, ids=lambda each: each["template_name"])
def test_the_vendors_examples_can_be_built(request_body):
    document = request_body["template_body"]
    device = dict(document["resources"]["device"])
    device["tags"] = [Tag(**tag) for tag in device["tags"]]
    built = TemplateBody(
        device=Device(**device),
        policy_ids=document["resources"]["policy"]["policy_ids"],
        parameters=[CertificateField(name) for name in document["parameters"]],
    )
    assert built.document == document


@pytest.mark.parametrize(
    "make",
    [
        lambda: Device(product_id="p"),
        lambda: Device(node_id=COMMON_NAME),
        lambda: Device(node_id=COMMON_NAME, product_id="p", nodeid="x"),
        lambda: Tag(tag_key="k"),
        lambda: TemplateBody(device={}),
        lambda: TemplateBody(device=Device(node_id=COMMON_NAME, product_id="p"), parameters=["serial"]),
    ],
)
def test_a_part_that_is_missing_or_unknown_is_refused(make):
    with pytest.raises(ValidationError):
        make()


def test_parts_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Tag(tag_key="k", tag_value="v").tag_key = "x"


def test_a_device_is_registered_with_the_fields_of_its_certificate():
    body = a_body(device_name=COMMON_NAME, tags=[Tag(tag_key="line", tag_value=UNIT)])
    evaluation = evaluate(body.document, SUBJECT)
    assert evaluation.document == {
        "result": "registered",
        "device_name": "pump-7",
        "node_id": "pump-7",
        "product_id": "642bf260f2f9030e44210d8d",
        "tags": [{"tag_key": "line", "tag_value": "line-4"}],
        "device_id": "642bf260f2f9030e44210d8d_pump-7",
        "policy_ids": ["5c90fa7d3c4e4405e8525079"],
    }


def test_a_device_id_of_the_template_is_taken_as_it_is():
    assert evaluate(a_body(device_id=UNIT).document, SUBJECT).device["device_id"] == "line-4"


def test_a_create_request_is_evaluated_as_its_body():
    request = {"template_name": "pumps", "template_body": a_body().document}
    assert evaluate(request, SUBJECT) == evaluate(a_body().document, SUBJECT)


def test_every_declared_field_has_to_be_in_the_certificate_used_or_not():
    evaluation = evaluate(EXAMPLES[1]["template_body"], SUBJECT)
    assert evaluation.result is Result.FAILED
    assert [failure.path.rpartition("::")[2] for failure in evaluation.failures] == [
        "country",
        "organization",
        "distinguished_name_qualifier",
        "state_name",
        "serial_number",
    ]
    assert {failure.problem for failure in evaluation.failures} == {
        "the certificate's subject has no such field"
    }


@pytest.mark.parametrize(
    ("field", "longest", "wrong"),
    [
        ("node_id", 64, "pump 7"),
        ("device_name", 256, "pump 7"),
        ("device_id", 128, "pump.7"),
        ("product_id", 36, "a.b"),
    ],
)
def test_a_value_of_a_certificate_keeps_the_limits_of_a_device(field, longest, wrong):
    body = a_body(**{field: UNIT}).document

    def problems(value):
        subject = {**SUBJECT, "iotda::certificate::organizational_unit": value}
        return [(failure.path, failure.given) for failure in evaluate(body, subject).failures]

    assert problems("x" * longest) == []
    assert problems("x" * (longest + 1)) == [(f"/resources/device/{field}", "x" * (longest + 1))]
    assert problems(wrong) == [(f"/resources/device/{field}", wrong)]


@pytest.mark.parametrize(("name", "longest"), [("tag_key", 64), ("tag_value", 128)])
def test_a_tag_of_a_certificate_keeps_its_limits(name, longest):
    body = a_body(tags=[Tag(**{"tag_key": "k", "tag_value": "v", name: UNIT})]).document

    def failures(value):
        return evaluate(body, {**SUBJECT, "iotda::certificate::organizational_unit": value}).failures

    assert not failures("x" * longest)
    [failure] = failures("x" * (longest + 1))
    assert str(failure).startswith(f"/resources/device/tags/0/{name} has more than {longest} characters: 'xx")


def test_a_body_that_breaks_a_rule_is_not_evaluated():
    with pytest.raises(ValueError, match=r"DP203 .*: the device has no node_id"):
        evaluate({"parameters": {}, "resources": {"device": {"product_id": "p"}}}, {})


def test_a_body_whose_values_are_not_known_yet_is_not_evaluated():
    with pytest.raises(
        ValueError, match="/resources/device/product_id: the value is known only on deployment"
    ):
        evaluate(a_body(product_id=object()).document, SUBJECT)


def test_a_built_body_has_no_findings_but_that_no_ca_is_in_sight():
    assert [finding.code for finding in check(a_body().document)] == ["DP000"]
