"""The rules in cfn-lint: what it is asked by ``cfn-lint -a device_provisioning.cfn_lint``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint import decode
from cfnlint.rules import RulesCollection
from cfnlint.template import Template

from device_provisioning.aws_iot import Severity
from device_provisioning.aws_iot.rules import RULES
from device_provisioning.cfn_lint.rules import rule_id
from device_provisioning.cloudformation.checks import check_cloudformation_template
from tests.support.template_files import FOLDER

STACKS = [
    file for file in sorted((FOLDER / "stack").glob("*.json")) if '"planned_values"' not in file.read_text()
]
MODULE = "device_provisioning.cfn_lint"


@pytest.fixture(scope="module")
def rules():
    collection = RulesCollection(include_rules=["I"])
    collection.create_from_module(MODULE)
    return collection


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.stem)
def test_cfn_lint_finds_what_our_own_command_finds(file, rules):
    document, _ = decode.decode_str(file.read_text())
    matches = rules.run(str(file), Template(str(file), document, ["eu-west-1"]))
    expected = check_cloudformation_template(json.loads(file.read_text()))
    ids = sorted(rule_id(finding.code, finding.severity) for finding in expected)
    assert sorted(match.rule.id for match in matches) == ids


def test_every_code_has_one_id_a_severity(rules):
    ids = {rule_id(code, severity) for code in RULES for severity in Severity}
    assert set(rules.rules) == {"I9000", *ids}


def test_the_command_of_cfn_lint_points_at_the_body(tmp_path):
    file = tmp_path / "template.yaml"
    file.write_text(
        "Resources:\n"
        "  Template:\n"
        "    Type: AWS::IoT::ProvisioningTemplate\n"
        "    Properties:\n"
        "      Enabled: true\n"
        "      ProvisioningRoleArn: arn:aws:iam::111122223333:role/provisioning\n"
        "      TemplateBody: '{\"Resources\": {}}'\n"
    )
    command = Path(sys.executable).parent / "cfn-lint"
    run = subprocess.run(
        [command, "--format", "parseable", "-a", MODULE, "-t", file], capture_output=True, text=True
    )
    (line,) = [line for line in run.stdout.splitlines() if "E9102" in line]
    assert line.startswith(f"{file}:7:7:")
    assert "/Resources/Template/Properties/TemplateBody/Resources" in line
    assert run.returncode != 0
