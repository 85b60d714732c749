"""The rules as a whole: each is broken by a file that breaks nothing else, and kept by one that just does."""

import json
from pathlib import Path

import pytest
from aws_cdk import Token
from template_files import template_files

from device_provisioning.aws_iot import CertificateAuthority, Severity, TemplateType, check
from device_provisioning.aws_iot.rules import RULES, Stack, check_certificate_authority, check_stack
from device_provisioning.aws_iot.rules.document import rules_document
from device_provisioning.cli.linting import lint_files

FLEET = TemplateType.FLEET_PROVISIONING
# Their files would be made of filling; test_rules_limits.py has both sides.
WITHOUT_FILES = {"DP002", "DP042"}
# They are about what is around a template of IoTDA: test_iotda_rules.py has both sides.
WITHOUT_FILES |= {"DP214", "DP215", "DP216", "DP217"}
WITHOUT_STATIC_FORM = {"DP031", "DP038", "DP046"}


@pytest.mark.parametrize("file", template_files(), ids=str)
def test_a_file_breaks_the_rule_that_its_name_says_and_no_other(file):
    result = lint_files([str(file.path)], file.body_type, {})
    found = {e.finding.code for e in result.findings if e.finding.severity is not Severity.INFO}
    assert not result.unreadable
    assert found == file.broken_rules


def test_every_rule_has_a_file_that_breaks_it_and_one_that_just_does_not():
    broken = {code for file in template_files() for code in file.broken_rules}
    kept = {file.kept_rule for file in template_files()}
    assert set(RULES) - broken == WITHOUT_FILES
    assert set(RULES) - kept == WITHOUT_FILES


def test_every_row_of_the_reference_has_a_rule_or_a_reason_for_none():
    rows = {f"DP{number:03}" for number in range(1, 49)}
    assert rows - set(RULES) == WITHOUT_STATIC_FORM
    assert all(f"- {int(code[2:])}: " in rules_document() for code in WITHOUT_STATIC_FORM)


def test_the_document_of_the_rules_is_current():
    text = (Path(__file__).parent.parent / "docs" / "rules.md").read_text("utf-8")
    assert text == rules_document(), (
        "run python -m device_provisioning.aws_iot.rules.document > docs/rules.md"
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
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
