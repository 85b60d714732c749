"""What reads a form of file besides ``lint`` says the same: cfn-lint, the CDK, ``simulate``, ``explain``."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from device_provisioning.cdk import ProvisioningTemplateChecks
from device_provisioning.cli import app
from device_provisioning.lint.files import lint_text
from device_provisioning.plans.parsing import parse
from tests.support.cfn_linted import found_by_our_rules
from tests.support.forms import FORMATS, files_of, some_of
from tests.support.left_over import telling
from tests.support.simulated import outcomes
from tests.support.template_files import template_files

TEMPLATES = [
    name
    for name in FORMATS
    if name.startswith(("CloudFormation", "SAM", "CDK")) and name != "CloudFormation, as deployed"
]
VALUES = {"Status": "ACTIVE"}
"""Parameters for which not every text will do."""


SOME_OR_MORE = pytest.mark.parametrize("number", telling([1, 8], {1}))
"""How many bodies of each form are tried, about: one of each, or so many that together they are all."""


def found_by_lint(text, file):
    return {(finding.code, str(finding.severity)) for _, finding in lint_text(text, file.body_type, {})}


@SOME_OR_MORE
@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_finds_the_same(name, number):
    for file in some_of(files_of(name), name, 2 * number):
        text = FORMATS[name](file)
        assert found_by_our_rules(text) == found_by_lint(text, file), str(file)


def surrounded():
    """Whole templates: files for a rule about what is around a body, and those that people had."""
    paths = [file.path for file in template_files("stack")]
    paths += sorted((Path(__file__).parent / "reported").glob("*.yaml"))
    # CloudFormation's own: not plans, nor what cfn-lint refuses to read.
    refused = ("yaml-body", "DP058-breaks-key-twice")
    parsed = {path: parse(path.read_text("utf-8")).value for path in paths if path.stem not in refused}
    return [path for path, document in parsed.items() if "Resources" in document]


@pytest.mark.parametrize("path", surrounded(), ids=lambda path: path.stem)
def test_cfn_lint_and_the_plugin_of_the_cdk_find_the_same_in_a_whole_template(path, tmp_path):
    text = path.read_text("utf-8")
    found = found_by_lint(text, template_files("stack")[0])
    assert found_by_our_rules(text) == found
    synthesised = tmp_path / "Stack.template.json"
    synthesised.write_text(json.dumps(parse(text).value))
    report = ProvisioningTemplateChecks().validate(SimpleNamespace(template_paths=[str(synthesised)]))
    violations = {(violation.rule_name, violation.severity) for violation in report.violations}
    assert violations == {(code, severity) for code, severity in found if severity != "info"}


def written(name, file, folder):
    path = folder / "file"
    path.write_text(FORMATS[name](file))
    return str(path)


def run(*arguments):
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@SOME_OR_MORE
@pytest.mark.parametrize("name", FORMATS)
def test_a_device_is_provisioned_where_there_is_no_error_in_a_body(name, number, tmp_path):
    for file in some_of(files_of(name), name, number):
        names = json.loads(file.text).get("Parameters", {}).keys() - {"AWS::IoT::Certificate::Id"}
        device = [f"{each}={VALUES.get(each, 'lab')}" for each in {*names, "SerialNumber"}]
        result = run("simulate", written(name, file, tmp_path), "--device", *device, "--type", file.kind)
        provisioned = [outcome["result"] == "provisioned" for outcome in outcomes(result)]
        errors = {code for code, severity in found_by_lint(FORMATS[name](file), file) if severity == "error"}
        expected = [([False], 1), ([], 2)] if errors & file.broken_rules else [([True], 0)]
        assert (provisioned, result.exit_code) in expected, str(file)


@SOME_OR_MORE
@pytest.mark.parametrize("name", FORMATS)
def test_a_body_is_explained(name, number, tmp_path):
    sound = [file for file in files_of(name) if not file.broken_rules]
    for file in some_of(sound, name, number):
        result = run("explain", written(name, file, tmp_path), "--type", file.kind)
        assert result.exit_code == 0, str(file)
        resources = json.loads(file.text)["Resources"].values()
        kinds = {resource["Type"].rpartition("::")[2].lower() for resource in resources}
        assert [kind for kind in kinds if kind not in result.stdout.lower()] == [], str(file)
