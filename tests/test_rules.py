"""The rules as a whole: each is broken by a file that breaks nothing else, and kept by one that just does."""

import ast
import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from aws_cdk import Token

from device_provisioning import iotda
from device_provisioning.aws_iot import CertificateAuthority, Severity, TemplateType, check, rules
from device_provisioning.aws_iot.rules import RULES, Stack, check_certificate_authority, check_stack
from device_provisioning.aws_iot.rules.registry import rules_of
from device_provisioning.cli.reasons import parse_reasons
from device_provisioning.lint.every_rule import EVERY_RULE
from device_provisioning.lint.examples import Example, examples_of, sound_files
from device_provisioning.lint.files import lint_files, lint_text
from device_provisioning.lint.rule_pages import page_of_rule
from device_provisioning.version import DOCUMENTATION
from documentation.rules import FOLDER, rule_pages, rules_document
from tests.support.template_files import template_files

FLEET = TemplateType.FLEET_PROVISIONING
WITHOUT_STATIC_FORM = {"DP031", "DP038", "DP046"}


@pytest.mark.parametrize("file", template_files(), ids=str)
def test_a_file_breaks_the_rule_that_its_name_says_and_no_other(file):
    result = lint_files([str(file.path)], file.body_type, {})
    found = {e.finding.code for e in result.findings if e.finding.severity is not Severity.INFO}
    assert not result.unreadable
    assert found == file.broken_rules


def test_every_row_of_the_reference_has_a_rule_or_a_reason_for_none():
    rows = {f"DP{number:03}" for number in range(1, 49)}
    assert rows - set(EVERY_RULE) == WITHOUT_STATIC_FORM
    assert all(f"- {int(code[2:])}: " in rules_document() for code in WITHOUT_STATIC_FORM)


def test_the_document_of_the_rules_is_current():
    assert (FOLDER / "rules.md").read_text("utf-8") == rules_document(), "run python -m documentation.rules"


def test_every_rule_has_a_page_and_every_page_a_rule():
    pages = {file.name: file.read_text("utf-8") for file in (FOLDER / "rules").iterdir()}
    assert pages == rule_pages(), "run python -m documentation.rules"
    configuration = (FOLDER.parent / "zensical.toml").read_text("utf-8")
    assert [name for name in pages if f'"docs/rules/{name}"' not in configuration] == []


def test_pages_are_where_the_project_says_that_its_documentation_is():
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text("utf-8"))["project"]
    site = tomllib.loads((FOLDER.parent / "zensical.toml").read_text("utf-8"))["project"]
    assert project["urls"]["Documentation"] == DOCUMENTATION
    assert RULES["DP005"].page == f"{DOCUMENTATION}docs/rules/DP005.html"
    assert not site["use_directory_urls"]


@pytest.mark.parametrize("code", EVERY_RULE)
def test_a_wrong_example_breaks_its_rule_alone_and_a_right_one_none(code, tmp_path, monkeypatch):
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    monkeypatch.chdir(tmp_path)
    wrong, right = examples_of(code)
    assert (found_in(wrong), found_in(right)) == ({code}, set())
    assert wrong.shown in str(page_of_rule(code))
    assert right.shown in str(page_of_rule(code))


def found_in(example):
    """The codes that an example breaks."""
    if example.language == "python":
        *before, last = ast.parse(example.whole).body
        names = {**vars(rules), "TemplateType": TemplateType, "iotda": iotda, "Path": Path}
        names |= {"RESOURCES": body_with("sensor")["Resources"], "BODY": sound_body_of_iotda()}
        exec(compile(ast.Module(before, []), "example", "exec"), names)
        findings = eval(compile(ast.Expression(last.value), "example", "eval"), names)
    else:
        findings = [finding for _, finding in lint_text(example.whole, example.body_type, {}) or ()]
    return {finding.code for finding in findings if finding.severity is not Severity.INFO}


def sound_body_of_iotda():
    return json.loads(sound_files()["iotda"])


@pytest.mark.parametrize("name", sound_files())
def test_what_the_examples_are_parts_of_is_sound(name):
    body_type = Example("json", "", "", name, "").body_type
    found = lint_text(sound_files()[name], body_type, {})
    assert [finding for _, finding in found if finding.severity is not Severity.INFO] == []


@pytest.mark.parametrize("rule", EVERY_RULE.values(), ids=lambda rule: rule.code)
def test_every_rule_says_what_to_do_and_where_it_is_from(rule):
    assert rule.hint
    assert not rule.hint.endswith(".")
    assert rule.source.startswith("https://")
    assert rule.check.__doc__


def test_all_problems_are_told_at_once_each_at_its_place():
    body = {
        "Parameters": {"SerialNumber": {"Type": "Number"}},
        "Resources": {
            "thing/1": {
                "Type": "AWS::IoT::Thing",
                "Properties": {"ThingName": "a b", "ThingTypeName": {"Ref": "Kind"}},
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {}},
        },
    }
    found = {(finding.code, finding.path) for finding in check(body, FLEET)}
    assert found == {
        ("DP005", "/Resources/thing~11/Properties/ThingTypeName/Ref"),
        ("DP006", "/Parameters/SerialNumber/Type"),
        ("DP013", "/Resources/policy/Properties"),
        ("DP023", "/Resources/thing~11/Properties/ThingName"),
        ("DP102", "/Resources"),
    }


def test_a_finding_reads_as_one_line():
    (finding,) = [f for f in check({"Resources": {}}, FLEET) if f.code == "DP102"]
    assert str(finding).startswith(
        "DP102 /Resources: there are 0 certificates, and a body describes one: give every resource one of"
    )


def body_with(thing_name):
    valid = json.loads(
        next(file for file in template_files("fleet") if file.path.stem == "valid-smallest").text
    )
    valid["Resources"]["thing"]["Properties"]["ThingName"] = thing_name
    return valid


@pytest.mark.parametrize("value", [Token.as_string({"Ref": "Name"}), object()], ids=["token", "output"])
def test_a_value_that_an_engine_knows_later_is_skipped_and_told(value):
    (finding,) = check(body_with(value), FLEET)
    assert (finding.code, finding.severity) == ("DP000", Severity.INFO)
    assert finding.path == "/Resources/thing/Properties/ThingName"
    assert "known only on deployment" in finding.message


def test_a_token_keeps_its_neighbours_from_being_skipped():
    name = {"Fn::Join": [" ", [Token.as_string({"Ref": "Name"}), "sensor"]]}
    assert [finding.code for finding in check(body_with(name), FLEET)] == ["DP023", "DP000"]


def test_a_silenced_rule_is_not_told_and_the_others_are():
    findings = check({"Resources": {}}, FLEET, silenced={"DP102": "the certificate is put in by a script"})
    assert [finding.code for finding in findings] == ["DP013"]


@pytest.mark.parametrize(
    ("silenced", "text"),
    [
        ({"DP999": "why not"}, "there is no rule 'DP999' to silence"),
        ({"DP019": " "}, "DP019 is silenced without a reason"),
        ({"DP999": "a", "DP019": ""}, "'DP999' to silence; DP019 is silenced"),
    ],
)
def test_silencing_what_does_not_exist_or_for_no_reason_is_refused(silenced, text):
    for checked in (
        lambda: check({}, FLEET, silenced=silenced),
        lambda: check_certificate_authority(CertificateAuthority(), silenced=silenced),
        lambda: check_stack(Stack(), silenced=silenced),
    ):
        with pytest.raises(ValueError, match=text):
            checked()


def test_the_command_silences_a_rule_of_every_platform():
    reasons = dict.fromkeys(EVERY_RULE, "why")
    assert parse_reasons([f"{code}=why" for code in EVERY_RULE]) == reasons


def test_the_rules_of_aws_iot_may_be_checked_while_one_of_iotda_is_silenced_and_not_loaded():
    code = (
        "import sys\n"
        "from device_provisioning.aws_iot import TemplateType, check\n"
        "check({}, TemplateType.JITP, silenced={'DP201': 'why'})\n"
        "assert 'device_provisioning.iotda' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("code", ["DP999", "DP099", "dp001", "DP2010", ""])
def test_what_is_no_code_cannot_be_silenced(code):
    with pytest.raises(ValueError, match=f"there is no rule '{code}' to silence"):
        check({}, FLEET, silenced={code: "why"})


def test_two_rules_of_one_code_are_refused():
    first, second = (ModuleType(name) for name in ("first", "second"))
    first.thing = RULES["DP001"]
    second.other = replace(RULES["DP001"], title="another")
    with pytest.raises(ValueError, match="two rules have the code DP001"):
        rules_of(first, second)
