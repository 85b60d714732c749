"""The example of a GitHub workflow: it is valid, and its step writes the findings that it uploads."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.support.template_files import FOLDER

WORKFLOW = Path(__file__).parent.parent / "examples" / "workflows" / "provisioning-templates.yml"
TOOLS = Path(sys.executable).parent


def steps():
    return yaml.safe_load(WORKFLOW.read_text())["jobs"]["lint"]["steps"]


def linted(folder, *bodies):
    """Run the step that lints as GitHub's runner does, over bodies of the tests."""
    (folder / "provisioning").mkdir()
    for body in bodies:
        shutil.copy(FOLDER / "fleet" / body, folder / "provisioning")
    (step,) = [step["run"] for step in steps() if "lint" in step.get("run", "")]
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    status = subprocess.run(
        ["bash", "-e", "-c", step], cwd=folder, env={**os.environ, "PATH": path}, check=False
    )
    (upload,) = [step["with"] for step in steps() if "upload-sarif" in step.get("uses", "")]
    log = json.loads((folder / upload["sarif_file"]).read_text())
    return status.returncode, [result["ruleId"] for result in log["runs"][0]["results"]]


def test_it_is_valid_by_the_schema_of_github_workflows():
    check = [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW]
    subprocess.run(check, check=True, capture_output=True)


def test_an_error_fails_the_job_and_is_in_what_is_uploaded(tmp_path):
    assert linted(tmp_path, "DP024-breaks-blank-in-a-value.json", "valid-smallest.json") == (1, ["DP024"])


def test_sound_bodies_upload_that_nothing_is_left(tmp_path):
    assert linted(tmp_path, "valid-smallest.json") == (0, [])


def test_findings_are_uploaded_when_linting_failed():
    (upload,) = [step for step in steps() if "upload-sarif" in step.get("uses", "")]
    assert upload["if"] == "success() || failure()"
