"""The wheel with each extra alone, in empty environments on each supported Python that is on this machine."""

import tomllib

import pytest

from tests.support.released import PYTHONS, ROOT, TOOLS, done, environment_with, run, wheel_in
from tests.support.template_files import FOLDER

SOUND = FOLDER / "fleet" / "valid-smallest.json"
NEEDS = {
    "": ("device_provisioning.aws_iot",),
    "aws": ("device_provisioning.certificates.authority", "device_provisioning.console.aws_calls", "boto3"),
    "cdk": ("device_provisioning.cdk",),
    "cfn-lint": ("device_provisioning.cfn_lint",),
    "init": ("copier",),
    "iotda": ("device_provisioning.iotda.client",),
    "language-server": ("pygls.lsp.server",),
    "parquet": ("pyarrow.parquet",),
    "pulumi": ("device_provisioning.pulumi", "device_provisioning.pulumi_plugin"),
    "verify": ("device_provisioning.verification.run", "aws_cdk"),
}
"""What each extra is there for."""
pytestmark = [pytest.mark.distribution, pytest.mark.timeout(1800)]


@pytest.fixture(params=PYTHONS)
def interpreter(request):
    found = run(TOOLS / "uv", "python", "find", "--no-python-downloads", "--no-project", request.param)
    if found.returncode:
        pytest.skip(f"no Python {request.param} on this machine")
    return found.stdout.strip()


def test_each_extra_alone_is_installed_and_imported(interpreter, built, tmp_path, subtests):
    for extra, modules in NEEDS.items():
        with subtests.test(extra or "none"):
            wanted = f"{wheel_in(built)}[{extra}]" if extra else wheel_in(built)
            tools = environment_with(tmp_path / (extra or "none"), wanted, interpreter=interpreter)
            done(TOOLS / "uv", "pip", "check", "--python", tools / "python")
            done(tools / "python", "-c", f"import {', '.join(modules)}", cwd=tmp_path)
            done(tools / "device-provisioning", "lint", SOUND)


def test_every_extra_is_among_them():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(NEEDS) == {"", *project["optional-dependencies"]}


def test_a_clone_is_installed_with_its_extras_as_the_quickstart_says(tmp_path):
    clone = tmp_path / "clone"
    done("git", "clone", "--quiet", ROOT, clone)
    tools = environment_with(tmp_path / "environment", f"{clone}[aws,cdk]")
    done(tools / "python", "-c", f"import {', '.join((*NEEDS['aws'], *NEEDS['cdk']))}", cwd=tmp_path)
    done(tools / "device-provisioning", "lint", SOUND)
