"""The stacks that are ready to deploy, and the examples."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# The programs of Pulumi have a test of their own: test_pulumi_on_the_emulator.py.
PROGRAMS = sorted(file.name for file in Path("examples").glob("*.py"))
EXAMPLES = [name for name in PROGRAMS if not name.endswith("_pulumi.py")]


def synthesise(tmp_path, *command, **variables):
    environment = {**os.environ, "CDK_OUTDIR": str(tmp_path), "PYTHONWARNINGS": "error", **variables}
    ran = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True)
    # CDK says so where code is put together for Lambda.
    told = [line for line in ran.stderr.splitlines() if not line.startswith("Bundling asset ")]
    assert (ran.returncode, told) == (0, [])
    return sorted(file.name.removesuffix(".template.json") for file in tmp_path.glob("*.template.json"))


def test_stacks_that_need_a_file_are_there_only_with_one(tmp_path):
    need_files = {"BulkRegistration", "JustInTimeProvisioning", "JustInTimeRegistration"}
    assert not need_files & set(synthesise(tmp_path / "without", "-m", "stacks.app"))
    body = "tests/templates/bulk/valid-signing-request.json"
    context = json.dumps({"ca_certificate": "examples/ca.pem", "bulk_body": body})
    assert need_files < set(synthesise(tmp_path / "with", "-m", "stacks.app", CDK_CONTEXT_JSON=context))


def test_the_readme_begins_with_the_quickstart():
    blocks = re.findall(r"^```python\n(.*?)^```$", Path("README.md").read_text("utf-8"), re.DOTALL | re.M)
    assert blocks[0] == Path("examples/quickstart.py").read_text()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_synthesises_without_a_warning(name, tmp_path):
    assert synthesise(tmp_path, f"examples/{name}")
