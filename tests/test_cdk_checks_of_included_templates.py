"""CloudFormation templates that an app includes as they are: the plugin finds in them what ``lint`` finds."""

import json
from collections import defaultdict

import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk.cloudformation_include import CfnInclude

from device_provisioning.cdk import ProvisioningTemplateChecks
from device_provisioning.lint.body_type import BodyType
from device_provisioning.lint.files import lint_text
from tests.support.template_files import template_files

REFUSED_BY_THE_CDK = {"DP004-breaks-object", "DP047-breaks-policy-variable", "DP056-breaks-not-escaped"}
"""It includes no template that refers to what is not in it."""
STACKS = [
    file
    for file in template_files("stack")
    if file.path.suffix == ".json" and '"planned_values"' not in file.text
    if file.path.stem not in REFUSED_BY_THE_CDK
]


def test_the_plugin_finds_in_a_template_what_lint_finds(tmp_path):
    app = App(outdir=str(tmp_path))
    for file in STACKS:
        CfnInclude(Stack(app, file.path.stem), "Included", template_file=str(file.path))
    checks = ProvisioningTemplateChecks()
    Validations.of(app).add_plugins(checks)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    reports = json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"]
    (report,) = (report for report in reports if report["pluginName"] == checks.name)
    found = defaultdict(set)
    for violation in report["violations"]:
        for construct in violation["violatingConstructs"]:
            found[construct["constructPath"].partition("/")[0]].add(violation["ruleName"])
    for file in STACKS:
        findings = [finding for _, finding in lint_text(file.text, BodyType.FLEET, {}) or []]
        assert found[file.path.stem] == {each.code for each in findings if each.severity != "info"}, str(file)
