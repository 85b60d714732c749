"""What lint fixes: what has one right answer, in place, and nothing else of the file."""

import json

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.configuration import Project
from device_provisioning.lint.fixed_files import Judge
from device_provisioning.lint.fixing import fix_text, is_fixable
from device_provisioning.lint.rule_pages import FIXES
from tests.support.forms import BODIES, FORMATS, files_of, some_of
from tests.support.left_over import telling
from tests.support.template_files import FOLDER, template_files

ANSWERS = ("AWS, a template", "AWS, a version", "AWS, a CA described", "AWS, an answer to boto3")
WRITTEN_BY_TOOLS = ("Terraform, ", "Pulumi, ", "CDK", *ANSWERS)
FOLDED = ("CloudFormation in YAML", "SAM", "Serverless", "Pulumi in YAML", "AWS, a request in YAML")
STACK = """\
# A comment that stays.
Resources:
  Policy:  # and this one
    Type: AWS::IoT::Policy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: iot:Connect
            Resource: !Sub 'arn:aws:iot:${AWS::Region}:111122223333:client/${iot:Connection.Thing.ThingName}'
  Template:
    Type: AWS::IoT::ProvisioningTemplate
    Properties:
      ProvisioningRoleArn: arn:aws:iam::111122223333:role/p
      PreProvisioningHook:
        PayloadVersion: "1.0"   # a version
        TargetArn: arn:aws:lambda:eu-west-1:111122223333:function:hook
      TemplateBody: |
        {
          "Parameters": {
            "SerialNumber": {"Type": "Number"}
          },
          "Resources": {
            "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "SerialNumber"}},
                      "OverrideSettings": {"thingGroups": "replace"}},
            "certificate": {
              "Type": "AWS::IoT::Certificate",
              "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}
            },
            "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "sensor-runtime"}}
          }
        }
"""
CHANGES = [
    ("client/${iot:", "client/${!iot:"),
    ('PayloadVersion: "1.0"', 'PayloadVersion: "2020-04-01"'),
    ('{"Type": "Number"}', '{"Type": "String"}'),
    ('"thingGroups": "replace"', '"ThingGroups": "REPLACE"'),
    (
        '          "Parameters": {\n            "SerialNumber"',
        '          "Parameters": {\n            "AWS::IoT::Certificate::Id": {"Type": "String"},\n'
        '            "SerialNumber"',
    ),
]


def lint(*arguments, **options):
    return CliRunner().invoke(app, ["lint", *map(str, arguments)], **options)


def fixed(text, body_type=BodyType.FLEET, *, unsafe=True):
    judge = Judge(body_type, {}, Project())
    result = fix_text(text, lambda text: judge.found("file", text), unsafe=unsafe)
    left = [entry for entry in judge.found("file", result.text) if is_fixable(entry.finding, unsafe=unsafe)]
    return result, {entry.finding.code for entry in left}


def expected(text):
    for before, after in CHANGES:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_keeps_everything_but_what_is_fixed(line_end):
    result, left = fixed(STACK.replace("\n", line_end), unsafe=False)
    assert result.text == expected(STACK).replace("\n", line_end)
    assert (left, result.left) == (set(), {})
    assert {entry.finding.code for entry in result.fixed} == {"DP005", "DP006", "DP018", "DP035", "DP047"}


def test_the_mark_at_the_beginning_of_a_file_stays(tmp_path):
    file = tmp_path / "stack.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + STACK.encode())
    lint("--fix", file)
    assert file.read_bytes() == b"\xef\xbb\xbf" + expected(STACK).encode()


@pytest.mark.parametrize("number", telling([8, len(BODIES)], {8}))
@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith(WRITTEN_BY_TOOLS)])
def test_in_every_form_of_file_nothing_fixable_is_left_and_fixing_again_changes_nothing(name, number):
    for file in some_of(files_of(name), name, number):
        result, left = fixed(FORMATS[name](file), file.body_type)
        assert left == {entry.finding.code for entry, _ in result.left.values()}, file
        assert fixed(result.text, file.body_type)[0].text == result.text
        # A text of YAML may be folded, and one that is made of parts is nowhere.
        if not name.startswith((*FOLDED, "CloudFormation, made of parts")):
            assert left <= {"DP041", "DP034", "DP035"}, (file, left)


@pytest.mark.parametrize("file", template_files(), ids=str)
def test_a_file_that_breaks_a_rule_is_fixed_or_stays_as_it_is(file):
    result, left = fixed(file.text, file.body_type)
    assert left == {entry.finding.code for entry, _ in result.left.values()}
    assert bool(result.fixed) == (result.text != file.text)
    if file.broken_rules <= {entry.finding.code for entry in result.fixed} and file.broken_rules:
        assert file.broken_rules <= FIXES.keys()


def test_every_rule_whose_page_says_so_is_fixed_and_as_safely_as_it_says():
    seen = {}
    for file in template_files():
        for entry in Judge(file.body_type, {}, Project()).found("file", file.text):
            if entry.finding.fix:
                seen[entry.finding.code] = entry.finding.fix.is_safe
    assert seen == FIXES


def test_without_unsafe_fixes_what_may_be_meant_stays(tmp_path):
    file = tmp_path / "body.json"
    text = (FOLDER / "fleet" / "DP019-breaks-fail.json").read_text()
    file.write_text(text)
    assert "1 fixable with --fix --unsafe-fixes" in lint("--fix", file).stderr
    assert file.read_text() == text
    result = lint("--fix", "--unsafe-fixes", file)
    assert "fixed DP019" in result.stderr
    assert file.read_text() == text.replace('"FAIL"', '"DO_NOTHING"')


def test_differences_are_shown_and_nothing_is_written(tmp_path):
    file = tmp_path / "stack.yaml"
    file.write_text(STACK)
    result = lint("--diff", file)
    assert result.exit_code == 1
    assert '-        PayloadVersion: "1.0"   # a version' in result.stdout
    assert '+        PayloadVersion: "2020-04-01"   # a version' in result.stdout
    assert file.read_text() == STACK
    lint("--fix", file)
    assert (lint("--diff", file).exit_code, lint("--diff", file).stdout) == (0, "")


def test_standard_input_is_written_fixed_and_what_remains_is_said_apart():
    result = lint("--fix", "-", input=STACK)
    assert result.stdout == expected(STACK)
    assert "fixed DP035" in result.stderr
    assert "warning DP041" in result.stderr


def test_the_report_says_what_was_fixed_and_what_can_be(tmp_path):
    file = tmp_path / "stack.yaml"
    file.write_text(STACK)
    report = json.loads(lint("--fix", "--format", "json", file).stdout)
    assert {finding["code"] for finding in report["fixed"]} >= {"DP005", "DP006"}
    assert {finding["fix"] for finding in report["findings"] if finding["code"] == "DP041"} == {"unsafe"}


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("Terraform, a plan", "Terraform"),
        ("Pulumi, a preview", "Pulumi"),
        ("CDK output", "the CDK"),
        ("AWS, a template", "AWS"),
    ],
)
def test_what_a_tool_wrote_is_left_as_it_is(tmp_path, name, maker):
    (broken,) = [file for file in BODIES if file.path.stem == "DP006-breaks-number"]
    file = tmp_path / "written.json"
    file.write_text(FORMATS[name](broken))
    result = lint("--fix", file)
    assert f"was written by {maker}, so nothing is fixed" in result.stderr
    assert file.read_text() == FORMATS[name](broken)


def test_a_value_that_stands_in_two_places_is_not_fixed_for_one_of_them(tmp_path):
    file = tmp_path / "stack.yaml"
    text = STACK.replace('"1.0"', "&one '1.0'").replace("# A comment that stays.", "Description: x") + (
        "  Other:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: *one}\n"
    )
    file.write_text(text)
    result = lint("--fix", file)
    assert "DP035 was not fixed: the file would not stay as it is otherwise" in result.stderr
    assert "&one '1.0'" in file.read_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--unsafe-fixes"], "give --fix or --diff as well"),
        (["--fix", "--diff"], "give one of them"),
        (["--fix", "--write-baseline", "known.json"], "fix it first"),
    ],
)
def test_options_that_have_no_meaning_together_are_refused(tmp_path, given, said):
    result = lint(*given, tmp_path / "stack.yaml")
    assert result.exit_code == 2
    assert said in result.stderr
