"""The verb init: what it makes, and what it refuses. ``test_distribution_init.py`` runs what it makes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app

TOOLS = Path(sys.executable).parent
COMMON = {
    ".github/workflows/check.yml",
    ".github/workflows/deploy.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    "Makefile",
    "README.md",
    "device.py",
    "factory.py",
    "fleet.py",
    "provisioning/body.json",
    "provisioning/devices.csv",
    "pyproject.toml",
    "tests/test_devices.py",
    "tests/test_fleet.py",
}
OF_ENGINE = {
    "cdk": {"app.py", "cdk.json", "environments.py"},
    "pulumi": {"Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.yaml", "__main__.py"},
}


def init(folder, *options, engine="cdk"):
    return CliRunner().invoke(app, ["init", str(folder), "--engine", engine, *options])


def succeeds(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.fixture(params=OF_ENGINE)
def project(request, tmp_path):
    made = init(tmp_path / "sensors", engine=request.param)
    assert made.exit_code == 0, made.output
    return request.param, tmp_path / "sensors"


def test_a_project_holds_these_files_and_no_lock_that_is_older_than_it(project):
    engine, folder = project
    files = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert files == COMMON | OF_ENGINE[engine]


def test_everything_is_named_after_the_folder_and_nothing_is_left_of_the_template(project):
    engine, folder = project
    texts = {file: file.read_text() for file in folder.rglob("*") if file.is_file()}
    # What GitHub fills in looks alike but for its dollar sign.
    assert [file for file, text in texts.items() if re.search(r"(?<!\$)\{\{|\{%", text)] == []
    assert f"device-provisioning[aws,{engine}]>=" in texts[folder / "pyproject.toml"]
    assert '"sensors-device"' in texts[folder / "provisioning" / "body.json"]
    assert '"sensors-device"' in texts[folder / "fleet.py"]


def test_a_project_is_in_its_own_style_and_what_others_read_of_it_is_valid(project):
    _, folder = project
    succeeds(TOOLS / "ruff", "check", "--no-cache", cwd=folder)
    succeeds(TOOLS / "ruff", "format", "--check", "--no-cache", cwd=folder)
    workflows = (folder / ".github" / "workflows").iterdir()
    succeeds(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    succeeds(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", folder / ".gitlab-ci.yml")
    succeeds(TOOLS / "pre-commit", "validate-config", folder / ".pre-commit-config.yaml")


def test_what_a_project_says_of_its_devices_and_its_factory_holds(tmp_path):
    assert init(tmp_path, "--name", "sensors").exit_code == 0
    quiet = ("--quiet", "-p", "no:cacheprovider", "-p", "no:xdist")
    succeeds(TOOLS / "pytest", *quiet, "tests/test_devices.py", cwd=tmp_path)


def test_the_body_passes_the_strictest_lint_and_provisions_its_devices(project):
    _, folder = project
    body, devices = (str(folder / "provisioning" / name) for name in ("body.json", "devices.csv"))
    assert CliRunner().invoke(app, ["lint", "--strict", body]).exit_code == 0
    assert CliRunner().invoke(app, ["simulate", body, "--devices", devices]).exit_code == 0


def test_an_empty_folder_is_filled(tmp_path):
    assert init(tmp_path, "--name", "sensors").exit_code == 0


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path):
    (tmp_path / "Makefile").write_text("mine")
    refused = init(tmp_path, "--name", "sensors")
    assert refused.exit_code == 2
    assert (
        refused.stderr == f"{tmp_path}: is not empty and was left unchanged: give a new or empty directory\n"
    )
    assert [file.read_text() for file in tmp_path.iterdir()] == ["mine"]


def test_all_that_is_wrong_is_reported_at_once(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    refused = init(file, "--name", "../Sensors")
    assert refused.exit_code == 2
    assert refused.stderr.splitlines() == [
        f"{file}: is not a directory: give another one",
        "../Sensors: is not a valid project name: give --name with 1 to 30 lower-case letters, digits and"
        " hyphens, a letter first",
    ]


def test_a_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "file").write_text("mine")
    refused = init(tmp_path / "file" / "sensors")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"{tmp_path / 'file' / 'sensors'}: cannot be made: ")


def synthesised(folder, *context):
    """What ``python app.py`` makes of a project of the CDK, and what lint finds in it."""
    given = dict(pair.split("=") for pair in context)
    variables = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(given), "CDK_OUTDIR": str(folder / "cdk.out")}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def test_each_environment_is_linted_and_tagged(tmp_path):
    folder = tmp_path / "sensors"
    assert init(folder).exit_code == 0
    for environment, context in (("dev", []), ("prod", ["environment=prod"])):
        assert synthesised(folder, *context).returncode == 0
        linted = CliRunner().invoke(app, ["lint", "--strict", str(folder / "cdk.out")])
        assert linted.exit_code == 0, linted.output
        manifest = json.loads((folder / "cdk.out" / "manifest.json").read_text())
        tags = manifest["artifacts"]["Sensors"]["properties"]["tags"]
        assert tags == {"environment": environment, "project": "sensors"}


def test_an_environment_that_there_is_not_is_refused_by_name(tmp_path):
    folder = tmp_path / "sensors"
    assert init(folder).exit_code == 0
    ended = synthesised(folder, "environment=test")
    assert ended.returncode == 1
    assert ended.stderr.endswith("environment is test: give -c environment= and one of dev, prod\n")
