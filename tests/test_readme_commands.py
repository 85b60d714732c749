"""The commands about templates that README.md shows do what it says."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app

ROOT = Path(__file__).parent.parent
SHOWN = r"^device-provisioning ((?:lint|simulate|explain) .*examples/.*)$"
LINES = re.findall(SHOWN, (ROOT / "README.md").read_text("utf-8"), re.M)


def run(line):
    command, _, expected = line.partition("  # exit status ")
    return CliRunner().invoke(app, shlex.split(command)), int(expected or 0)


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_readme_ends_as_it_says(line, monkeypatch):
    monkeypatch.chdir(ROOT)
    result, expected = run(line)
    assert result.exit_code == expected, result.stderr
    assert result.stdout


def test_the_readme_shows_these_commands_and_a_failure():
    assert {line.split(" ")[0] for line in LINES} == {"lint", "simulate", "explain"}
    assert any("# exit status 1" in line for line in LINES)


def test_the_example_of_devices_that_fail_shows_two_reasons(monkeypatch):
    monkeypatch.chdir(ROOT)
    (line,) = [line for line in LINES if line.startswith("simulate") and "devices.csv" in line]
    outcomes = [json.loads(text) for text in run(line)[0].stdout.splitlines()]
    assert [outcome["result"] for outcome in outcomes] == ["provisioned", "provisioned", "failed", "failed"]
