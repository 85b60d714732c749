"""Files as people have them: what the command says about each, and why that is right."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app

FOLDER = Path(__file__).parent / "reported"
CASES = json.loads((FOLDER / "index.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['run'].split()[0]}-{case['file']}")
def test_a_file_is_judged_right(case, monkeypatch):
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(app, [*shlex.split(case["run"]), case["file"]])
    said = " ".join(result.output.split())
    wanted = case.get("exits", [case["exit"]] if "exit" in case else None)
    assert wanted is None or result.exit_code in wanted, case["why"]
    assert [text for text in case.get("has", []) if text not in said] == [], case["why"]
    assert [text for text in case.get("hasnt", []) if text in said] == [], case["why"]
    assert any(text in said for text in case.get("has_any", [""])), case["why"]
    assert result.exception is None or isinstance(result.exception, SystemExit)
