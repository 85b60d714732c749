"""The workflows of this repository."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"


def test_they_are_valid_by_the_schema_of_github_workflows():
    check = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.github-workflows"]
    subprocess.run([*check, *WORKFLOWS.glob("*.yml")], check=True, capture_output=True)


def test_what_make_test_leaves_out_is_run_by_a_part_that_has_to_pass():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    left_out = re.findall(r"not (\w+)", options[options.index("-m") + 1])
    assert left_out
    makefile, ci = (ROOT / "Makefile").read_text(), (ROOT / ".ci" / "run").read_text()
    for marker in left_out:
        (target,) = re.findall(rf"^(\w+):.*\n(?:\t.*\n)*?\t.*pytest .*-m {marker}\b", makefile, re.MULTILINE)
        assert re.search(rf"\bmake {target}\b", ci), marker


def test_each_part_of_what_has_to_pass_is_a_job():
    parts = re.search(r"set -- (.*)", (ROOT / ".ci" / "run").read_text()).group(1).split()
    workflow = yaml.safe_load((WORKFLOWS / "check.yml").read_text())
    assert workflow["jobs"]["check"]["strategy"]["matrix"]["part"] == parts


def test_only_what_publishes_may_do_more_than_read():
    for path in WORKFLOWS.glob("*.yml"):
        workflow = yaml.safe_load(path.read_text())
        assert set(workflow["permissions"].values() if workflow["permissions"] else ()) <= {"read"}
        for name, job in workflow["jobs"].items():
            writes = "write" in job.get("permissions", {}).values()
            assert writes == (name == "publish")
            assert not writes or job["environment"] == "pypi"
