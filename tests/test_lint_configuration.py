"""What a project says about linting: its configuration, and the findings that it knows."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.lint.configuration import find_project
from tests.support.template_files import FOLDER

WARNING = (FOLDER / "fleet" / "DP019-breaks-fail.json").read_text()
ERROR = (FOLDER / "fleet" / "DP024-breaks-blank-in-a-value.json").read_text()
STACK = (FOLDER / "stack" / "DP034-breaks-6-seconds.json").read_text()
CONFIGURATION = """\
[tool.device-provisioning.lint]
paths = ["provisioning/*.json"]

[tool.device-provisioning.lint.silenced]
DP019 = "devices register once"

[tool.device-provisioning.lint.severities]
DP034 = "error"

[[tool.device-provisioning.lint.overrides]]
paths = ["provisioning/old-*"]
silenced = {DP024 = "these devices are not made any more"}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a file that is silenced, one that is judged harder, and one with an override."""
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION)
    (tmp_path / "provisioning").mkdir()
    for name, text in {"once": WARNING, "late": STACK, "old-rooms": ERROR, "rooms": ERROR}.items():
        (tmp_path / "provisioning" / f"{name}.json").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(*arguments):
    return CliRunner().invoke(app, ["lint", *arguments])


def found(*arguments):
    findings = json.loads(lint(*arguments, "--format", "json").stdout)["findings"]
    return {(Path(f["file"]).stem, f["code"], f["severity"]) for f in findings if f["severity"] != "info"}


def test_without_files_those_of_the_configuration_are_checked_by_its_rules(project):
    assert found() == {("late", "DP034", "error"), ("rooms", "DP024", "error")}
    assert lint().exit_code == 1


def test_a_configuration_counts_in_the_folders_below_it(project, monkeypatch):
    monkeypatch.chdir(project / "provisioning")
    assert found("old-rooms.json", "once.json", "rooms.json") == {("rooms", "DP024", "error")}


def test_a_file_of_its_own_comes_before_pyproject_and_a_named_one_before_both(project):
    (project / "device-provisioning.toml").write_text('[lint.severities]\nDP019 = "error"\n')
    assert found("provisioning/once.json") == {("once", "DP019", "error")}
    assert found("provisioning/once.json", "--config", "pyproject.toml") == set()


def test_a_silence_of_the_command_line_is_added(project):
    assert found("--silence", "DP034=the hook waits for a factory") == {("rooms", "DP024", "error")}


def test_without_files_and_without_paths_the_command_says_what_to_give(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = lint()
    assert result.exit_code == 2
    assert "give one, or paths in a configuration" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lint", "is not TOML"),
        ("[lint]\nsilence = 1", "lint.silence: Extra inputs are not permitted"),
        ('[lint.silenced]\nDP999 = "why"', "there is no rule 'DP999' to silence"),
        ('[lint.silenced]\nDP019 = " "', "DP019 is silenced without a reason"),
        ('[lint.severities]\nDP999 = "error"', "there is no rule DP999"),
        ('[lint.severities]\nDP019 = "fatal"', "lint.severities.DP019: Input should be 'error'"),
        ("[[lint.overrides]]\npaths = []", "lint.overrides.0.paths"),
        ("[lint]\npaths = ['none/*.json']", "the path 'none/*.json' of the configuration finds nothing"),
        ("[lint]\npaths = ['/x']", "the path '/x' of the configuration"),
        ("lint = 3", "lint: Input should be a valid dictionary"),
        ("[lint]\nbaseline = 'none.json'\npaths = ['*.toml']", "none.json: cannot be read"),
    ],
)
def test_a_configuration_without_meaning_is_reported_with_its_place(tmp_path, monkeypatch, text, said):
    (tmp_path / "device-provisioning.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    result = lint()
    assert result.exit_code == 2
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_all_problems_of_a_configuration_are_reported_at_once(tmp_path, monkeypatch):
    (tmp_path / "device-provisioning.toml").write_text("[lint]\npaths = 1\nbaseline = 2\nother = 3\n")
    monkeypatch.chdir(tmp_path)
    assert len(lint().stderr.splitlines()) == 3


def test_a_configuration_keeps_to_its_schema():
    schema = json.loads(CliRunner().invoke(app, ["schema", "configuration"]).stdout)
    given = tomllib.loads(CONFIGURATION)["tool"]["device-provisioning"]["lint"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(given, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**given, "silence": {}}, schema)


def test_a_baseline_hides_what_is_known_and_nothing_else(project):
    assert lint("--write-baseline", "known.json").exit_code == 0
    assert found("--baseline", "known.json") == set()
    assert lint("--baseline", "known.json").exit_code == 0
    (project / "provisioning" / "new.json").write_text(ERROR)
    assert found("--baseline", "known.json") == {("new", "DP024", "error")}


def test_a_finding_is_known_when_its_lines_moved_and_once_as_often_as_it_was(project):
    rooms = project / "provisioning" / "rooms.json"
    lint("--write-baseline", "known.json")
    rooms.write_text("\n\n" + ERROR)
    assert found("--baseline", "known.json") == set()
    rooms.write_text(ERROR.replace("room 7", "room 8"))
    assert found("--baseline", "known.json") == {("rooms", "DP024", "error")}


def test_known_findings_that_are_gone_are_counted(project):
    lint("--write-baseline", "known.json")
    (project / "provisioning" / "rooms.json").write_text(WARNING)
    assert "1 finding of the baseline gone: write it again" in lint("--baseline", "known.json").stderr


def test_a_baseline_of_the_configuration_is_from_its_folder(project, monkeypatch):
    lint("--write-baseline", "known.json")
    text = CONFIGURATION.replace("paths =", 'baseline = "known.json"\npaths =', 1)
    (project / "pyproject.toml").write_text(text)
    monkeypatch.chdir(project / "provisioning")
    assert found("rooms.json", "late.json") == set()


@pytest.fixture
def own_baseline(project):
    """A project whose configuration names a baseline that is not written yet."""
    text = CONFIGURATION.replace("paths =", 'baseline = "known.json"\npaths =', 1)
    (project / "pyproject.toml").write_text(text)
    return project / "known.json"


def test_the_baseline_of_the_configuration_is_written_though_there_is_none_yet(own_baseline):
    assert lint("--write-baseline", "known.json").exit_code == 0
    assert len(json.loads(own_baseline.read_text())["findings"]) == 2
    assert found() == set()


@pytest.mark.parametrize("options", [(), ("--baseline", "known.json")])
def test_a_baseline_that_is_written_again_keeps_what_is_known(own_baseline, options):
    lint("--write-baseline", "known.json")
    written = own_baseline.read_text()
    result = lint("--write-baseline", "known.json", *options)
    assert "known.json: 2 findings" in result.stderr
    assert own_baseline.read_text() == written


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2, "findings": []}'])
def test_what_is_no_baseline_is_refused(project, text):
    (project / "known.json").write_text(text)
    result = lint("--baseline", "known.json")
    assert result.exit_code == 2
    assert "known.json: is not a baseline" in result.stderr


def test_cfn_lint_finds_what_the_configuration_leaves(project):
    linted = Path(sys.executable).parent / "cfn-lint", "-t", "provisioning/late.json", "--format", "parseable"
    command = [*linted, "-a", "device_provisioning.cfn_lint"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "E9034" in run.stdout
    (project / "pyproject.toml").write_text(
        '[tool.device-provisioning.lint.silenced]\nDP034 = "the hook waits for a factory"\n'
    )
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "9034" not in run.stdout


def test_a_project_without_configuration_changes_nothing(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_project(start=tmp_path).configuration.silenced == {}
