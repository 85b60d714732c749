"""Bodies and policy documents as text, as objects, and by ``Fn::ToJsonString``: all are read the same."""

import json
from types import SimpleNamespace

import pytest
import yaml

from device_provisioning.aws_iot import TemplateType
from device_provisioning.cdk import ProvisioningTemplateChecks
from device_provisioning.cfn_lint.places import place_of
from device_provisioning.cloudformation.positions import Positions
from device_provisioning.explain.drawing import draw
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from device_provisioning.simulation.body_choice import choose_body
from tests.support.cfn_linted import found_by_our_rules
from tests.support.template_files import FOLDER

STACK = json.loads((FOLDER / "stack" / "valid-template-with-everything.json").read_text("utf-8"))
ATTACHMENT = {"PolicyName": {"Ref": "ClaimPolicy"}, "Principal": {"Fn::GetAtt": ["Claim", "Arn"]}}
STACK["Resources"] |= {
    "Claim": {"Type": "AWS::IoT::Certificate", "Properties": {"Status": "ACTIVE"}},
    "Attachment": {"Type": "AWS::IoT::PolicyPrincipalAttachment", "Properties": ATTACHMENT},
}
DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument")
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": ["iot:*", "sts:AssumeRole"], "Resource": "*"}]}


def to_json_string(value):
    return {"Fn::ToJsonString": value}


def changed(value, write):
    """A template whose documents all allow too much, and are written in another way."""
    if isinstance(value, dict):
        return {
            key: write(EVERYTHING) if key in DOCUMENTS else changed(inner, write)
            for key, inner in value.items()
        }
    return [changed(inner, write) for inner in value] if isinstance(value, list) else value


WAYS = {
    way: {"Transform": "AWS::LanguageExtensions", **changed(STACK, write)}
    for way, write in {"object": lambda value: value, "text": json.dumps, "made": to_json_string}.items()
}


def found_by_lint(document):
    return {
        (finding.code, finding.path, finding.message)
        for _, finding in lint_text(document, BodyType.FLEET, {})
    }


@pytest.mark.parametrize("way", ["text", "made"])
def test_documents_are_judged_the_same_whichever_way_they_are_written(way, tmp_path):
    text = json.dumps(WAYS[way])
    found = found_by_lint(text)
    assert found == found_by_lint(json.dumps(WAYS["object"]))
    codes = {code for code, _, _ in found}
    assert {"DP030", "DP037"} <= codes
    assert {code for code, _ in found_by_our_rules(text)} == codes
    file = tmp_path / "Stack.template.json"
    file.write_text(text)
    report = ProvisioningTemplateChecks().validate(SimpleNamespace(template_paths=[str(file)]))
    assert {violation.rule_name for violation in report.violations} <= codes
    assert {"DP030", "DP037"} <= {violation.rule_name for violation in report.violations}


def test_a_role_is_drawn_the_same_whichever_way_its_documents_are_written(tmp_path):
    arrows = []
    for way, document in WAYS.items():
        file = tmp_path / f"{way}.json"
        file.write_text(json.dumps(document))
        picture = draw(choose_body(str(file), TemplateType.FLEET_PROVISIONING, None))
        arrows.append({(arrow.source, arrow.target, arrow.verbs, arrow.state) for arrow in picture.arrows})
    assert arrows[0] == arrows[1] == arrows[2]


BODY = {"Parameters": {"A": {"Type": "Number"}}, "Resources": {}}
POINTER = "/Resources/T/Properties/TemplateBody/Parameters/A/Type"
PLACES = {
    "text": json.dumps(BODY),
    "made": to_json_string(BODY),
    "substituted": {"Fn::Sub": json.dumps(BODY)},
    "substituted by names": {"Fn::Sub": [json.dumps(BODY), {"B": "b"}]},
}


@pytest.mark.parametrize("write", [lambda value: json.dumps(value, indent=1), yaml.safe_dump])
@pytest.mark.parametrize("way", PLACES)
def test_a_place_inside_a_body_is_known_whichever_way_it_is_written(way, write):
    text = write({"Resources": {"T": {"Properties": {"TemplateBody": PLACES[way]}}}})
    line, column = Positions(text).of(POINTER)
    assert text.splitlines()[line - 1][column - 1 :].lstrip('\\"').startswith("Type")


def test_the_place_of_cfn_lint_is_inside_an_object_that_becomes_text():
    template = {"Resources": {"T": {"Properties": {"TemplateBody": PLACES["made"]}}}}
    body = ["Resources", "T", "Properties", "TemplateBody"]
    assert place_of(POINTER, template) == [*body, "Fn::ToJsonString", "Parameters", "A", "Type"]
    template["Resources"]["T"]["Properties"]["TemplateBody"] = PLACES["text"]
    assert place_of(POINTER, template) == body
