"""The same broken and sound bodies, judged by each tool that people run: all of them find the same.

A body is inside a raw template resource here, so that cfn-lint, CDK and Pulumi can be asked about it.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pulumi_aws as aws
import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_iot as iot
from pulumi.automation import CommandError

from device_provisioning.aws_iot import TemplateType
from device_provisioning.cdk import ProvisioningTemplateChecks
from device_provisioning.pulumi import check_provisioning_templates
from tests.support.needing_engine import needs_engine
from tests.support.template_files import template_files
from workshop.pulumi_engine import stack_of

ROLE = "arn:aws:iam::111122223333:role/provisioning"
FILES = template_files("fleet", "jitp")
TOOLS = Path(sys.executable).parent
WITHOUT_HOOK = {"DP052"}
"""What is said of every fleet template here."""
CODE = re.compile(r"DP\d{3}")


def name_of(file):
    """A name for the resource of a file that every tool takes."""
    return f"{file.kind}{re.sub('[^A-Za-z0-9]', '', file.path.stem.title())}"


def type_of(file):
    return TemplateType.JITP if file.kind == "jitp" else TemplateType.FLEET_PROVISIONING


@pytest.fixture(scope="module")
def stacks(tmp_path_factory):
    """A CloudFormation template for each body."""
    folder = tmp_path_factory.mktemp("stacks")
    for file in FILES:
        properties = {
            "Enabled": True,
            "ProvisioningRoleArn": ROLE,
            "TemplateBody": file.text,
            "TemplateType": type_of(file),
        }
        resource = {"Type": "AWS::IoT::ProvisioningTemplate", "Properties": properties}
        document = json.dumps({"Resources": {name_of(file): resource}})
        (folder / f"{name_of(file)}.json").write_text(document)
    return folder


@pytest.fixture(scope="module")
def found_by_lint(stacks):
    """The codes that our command finds, by resource."""
    command = [TOOLS / "device-provisioning", "lint", "--format", "json", *sorted(stacks.iterdir())]
    found = defaultdict(set)
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    for entry in report["findings"]:
        if entry["severity"] != "info":
            found[Path(entry["file"]).stem].add(entry["code"])
    return found


def test_there_are_enough_sound_and_broken_files():
    broken = [file for file in FILES if file.broken_rules]
    assert len(broken) >= 60
    assert len(FILES) - len(broken) >= 60


def test_every_broken_body_is_found_and_no_sound_one(found_by_lint):
    missed = {str(file) for file in FILES if not file.broken_rules <= found_by_lint[name_of(file)]}
    valid = [file for file in FILES if file.path.stem.startswith("valid")]
    sound = {str(file) for file in valid if found_by_lint[name_of(file)] - WITHOUT_HOOK}
    assert (missed, sound) == (set(), set())


def test_cfn_lint_finds_the_same(stacks, found_by_lint):
    command = [TOOLS / "cfn-lint", "-a", "device_provisioning.cfn_lint", "--format", "json"]
    run = subprocess.run([*command, *sorted(stacks.iterdir())], capture_output=True, check=False)
    found = defaultdict(set)
    for match in json.loads(run.stdout):
        if match["Rule"]["Id"][1] == "9":
            found[Path(match["Filename"]).stem].add(f"DP{match['Rule']['Id'][2:]}")
    assert found == {name: codes for name, codes in found_by_lint.items() if codes}


def test_the_plugin_of_the_cdk_finds_the_same(found_by_lint, tmp_path):
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Raw")
    for file in FILES:
        iot.CfnProvisioningTemplate(
            stack,
            name_of(file),
            enabled=True,
            provisioning_role_arn=ROLE,
            template_body=file.text,
            template_type=type_of(file),
        )
    Validations.of(app).add_plugins(ProvisioningTemplateChecks())
    with pytest.raises(RuntimeError):
        app.synth()
    found = defaultdict(set)
    for report in json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"]:
        for violation in report["violations"]:
            for construct in violation["violatingConstructs"]:
                found[construct["cloudFormationResource"]["logicalId"]].add(violation["ruleName"])
    assert found == {name: codes for name, codes in found_by_lint.items() if codes}


@pytest.mark.exhaustive
@needs_engine
@pytest.mark.timeout(600)
def test_a_preview_by_pulumi_finds_the_same(found_by_lint, emulator, tmp_path):
    def program():
        check_provisioning_templates()
        for file in FILES:
            aws.iot.ProvisioningTemplate(
                name_of(file),
                enabled=True,
                provisioning_role_arn=ROLE,
                template_body=file.text,
                type=type_of(file).value,
            )

    project, state = tmp_path / "project", tmp_path / "state"
    project.mkdir()
    state.mkdir()
    (project / "Pulumi.yaml").write_text("name: raw\nruntime: python\n")
    reported = []
    with pytest.raises(CommandError):
        stack_of(project, emulator, state, program=program).preview(on_output=reported.append)
    found = defaultdict(set)
    for line in reported:
        if match := re.search(r"(?:error|warning): (\w+): (DP\d{3}) ", line):
            found[match[1]].add(match[2])
    assert found == {name: codes for name, codes in found_by_lint.items() if codes}
