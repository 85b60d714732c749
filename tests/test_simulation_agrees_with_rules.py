"""``simulate`` and ``lint`` never contradict each other: a body with an error provisions no device."""

import json

import pytest

from device_provisioning.aws_iot import Severity
from device_provisioning.lint.files import lint_text
from tests.support.simulated import outcomes, simulate
from tests.support.template_files import TemplateFile, template_files

VALUES = {"Status": "ACTIVE", "CertificateId": "a" * 64}
"""Parameters for which not every text will do."""
BODIES = [file for file in template_files("fleet", "jitp", "bulk") if file.broken_rules != {"DP003"}]
STACKS = [
    file for file in template_files("stack") if file.broken_rules & {"DP010", "DP030", "DP033", "DP035"}
]


def device_of(file):
    names = json.loads(file.text).get("Parameters", {}).keys() - {"AWS::IoT::Certificate::Id"}
    supplied = {name: VALUES.get(name, "lab") for name in [*names, "SerialNumber"]}
    return [part for name, value in supplied.items() for part in ("--device", f"{name}={value}")]


def errors_of(file: TemplateFile):
    found = lint_text(file.text, file.body_type, {}) or []
    return {finding.code for _, finding in found if finding.severity is Severity.ERROR}


def simulated(file, *options):
    return simulate(str(file.path), *options, "--type", file.kind)


@pytest.mark.parametrize("file", BODIES, ids=str)
def test_a_device_is_provisioned_where_the_rules_find_no_error_in_a_body(file):
    result = simulated(file, *device_of(file))
    provisioned = [outcome["result"] == "provisioned" for outcome in outcomes(result)]
    # What can be evaluated for no device is refused as a whole.
    expected = [([False], 1), ([], 2)] if errors_of(file) else [([True], 0)]
    assert (provisioned, result.exit_code) in expected


def test_what_only_a_rule_finds_is_the_reason_of_every_device():
    (file,) = (file for file in BODIES if file.path.stem == "DP018-breaks-unknown-setting")
    (failure,) = outcomes(simulated(file, *device_of(file)))[0]["failures"]
    assert failure["reason"] == "InvalidTemplate"
    assert failure["path"].startswith("/Resources/thing/OverrideSettings")
    assert failure["problem"].startswith("breaks DP018: ")


@pytest.mark.parametrize("file", STACKS, ids=str)
def test_errors_around_a_body_are_told(file):
    said = simulate(str(file.path), "--device", "SerialNumber=A-1").stderr
    told = f"{file.path}: around the body, lint finds errors: {', '.join(sorted(errors_of(file)))}\n"
    assert (told in said) == bool(errors_of(file))


@pytest.mark.parametrize("severity", ['silenced = {DP018 = "tried"}', 'severities = {DP018 = "warning"}'])
def test_an_error_that_the_project_takes_for_none_is_none(severity, tmp_path, monkeypatch):
    (file,) = (file for file in BODIES if file.path.stem == "DP018-breaks-unknown-setting")
    (tmp_path / "pyproject.toml").write_text(f"[tool.device-provisioning.lint]\n{severity}\n")
    monkeypatch.chdir(tmp_path)
    assert simulated(file, *device_of(file)).exit_code == 0
