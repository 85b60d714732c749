"""What ``lint --format sarif`` writes: results, and the fixes that ``--fix`` would make."""

import json

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.forms import BODIES, FORMATS
from tests.support.sarif import applied, results_of
from tests.support.template_files import FOLDER

ROLE = "arn:aws:iam::111122223333:role/p"
HOOK = "arn:aws:lambda:eu-west-1:111122223333:function:hook"
STACK = f"""\
Description: "\U0001f600"
Resources:
  Template:
    Type: AWS::IoT::ProvisioningTemplate
    Properties:
      ProvisioningRoleArn: {ROLE}
      PreProvisioningHook: {{TargetArn: "{HOOK}", PayloadVersion: "1.0"}}
      TemplateBody: |
        {{
          "Parameters": {{"SerialNumber": {{"Type": "Number"}}}},
          "Resources": {{
            "thing": {{"Type": "AWS::IoT::Thing", "Properties": {{"ThingName": {{"Ref": "SerialNumber"}}}},
                      "OverrideSettings": {{"ThingGroups": "FAIL"}}}},
            "certificate": {{
              "Type": "AWS::IoT::Certificate",
              "Properties": {{"CertificateId": {{"Ref": "AWS::IoT::Certificate::Id"}}, "Status": "ACTIVE"}}
            }},
            "policy": {{"Type": "AWS::IoT::Policy", "Properties": {{"PolicyName": "sensor-runtime"}}}}
          }}
        }}
"""


def lint(*arguments, **options):
    return CliRunner().invoke(app, ["lint", *map(str, arguments)], **options)


def results(*arguments, **options):
    return results_of(json.loads(lint("--format", "sarif", *arguments, **options).stdout))


def fixes(found, *applicabilities):
    """The fixes of results by rule."""
    given = [(each["ruleId"], fix) for each in found for fix in each.get("fixes", ())]
    return {code: fix for code, fix in given if fix["properties"]["applicability"] in applicabilities}


def written(folder, text=STACK, name="stack.yaml"):
    file = folder / name
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("option", "kinds"), [([], ["safe"]), (["--unsafe-fixes"], ["safe", "unsafe"])])
def test_the_fixes_of_a_log_are_those_that_fixing_makes(option, kinds, line_end, tmp_path):
    text = STACK.replace("\n", line_end)
    file = written(tmp_path, text)
    found = fixes(results(file), *kinds)
    assert {"DP005", "DP006", "DP035"} <= found.keys()
    assert ("DP019" in found) == bool(option)
    lint("--fix", *option, file)
    assert applied(text, *found.values()).encode() == file.read_bytes()


def test_a_fix_says_what_it_does_and_in_which_file(tmp_path):
    fix = fixes(results(written(tmp_path)), "unsafe")["DP019"]
    assert fix["description"]["text"] == (
        "use DO_NOTHING, REPLACE or MERGE, or silence this rule if a device registers once only"
    )
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"].endswith("stack.yaml")
    assert [each["insertedContent"] for each in change["replacements"]] == [{"text": '"DO_NOTHING"'}]


def test_standard_input_and_a_file_without_faults_have_their_fixes_too(tmp_path):
    given = results("-", input=STACK)
    assert fixes(given, "safe").keys() == fixes(results(written(tmp_path)), "safe").keys()
    assert results(FOLDER / "fleet" / "valid-smallest.json") == []


@pytest.mark.parametrize("name", ["Terraform, a plan", "CDK output", "AWS, a template"])
def test_what_a_tool_wrote_has_no_fixes(name, tmp_path):
    (broken,) = [file for file in BODIES if file.path.stem == "DP006-breaks-number"]
    found = results(written(tmp_path, FORMATS[name](broken), "written.json"))
    assert "DP006" in {each["ruleId"] for each in found}
    assert fixes(found, "safe", "unsafe") == {}


def test_what_can_not_be_fixed_where_it_stands_has_no_fix(tmp_path):
    text = STACK.replace('"1.0"', "&one '1.0'").replace('"\U0001f600"', "x")
    text += "  Other:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: *one}\n"
    assert fixes(results(written(tmp_path, text)), "safe").keys() == {"DP005", "DP006"}


def test_what_was_fixed_is_in_the_log_no_more(tmp_path):
    file = written(tmp_path)
    assert fixes(results("--fix", file), "safe", "unsafe").keys() == {"DP019", "DP041"}
