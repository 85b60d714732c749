"""What ``device-provisioning init`` makes: with the wheel of this checkout, tested, linted and deployed."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.fleets import DeployedFleet
from tests.support.needing_engine import needs_engine
from tests.support.released import ROOT, TOOLS, done, environment_with, wheel_in
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.pulumi_engine import pulumi_environment
from workshop.toolchain import tool_environment

pytestmark = [pytest.mark.distribution, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def command(built, tmp_path_factory):
    """The command of the wheel with the one extra that the verb needs."""
    return environment_with(tmp_path_factory.mktemp("with-init-"), f"{wheel_in(built)}[init]")


def a_project(command, built, folder, engine):
    """A project that finds the wheel of this checkout, and the environment to work in it."""
    project = folder / "sensors"
    done(command / "device-provisioning", "init", project, "--engine", engine)
    done("git", "init", "--quiet", project)
    done("git", "add", ".", cwd=project)
    found = {"UV_FIND_LINKS": str(built), "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
    inherited = {name: value for name, value in tool_environment().items() if name != "VIRTUAL_ENV"}
    return project, {**inherited, **found}


def checked(project, environment):
    """Its lock is written by the first make, then its lint, its tests and pre-commit pass."""
    done("make", cwd=project, env=environment)
    done("uv", "lock", "--check", cwd=project, env=environment)
    done("git", "add", "uv.lock", cwd=project)
    hooks = {**environment, "PRE_COMMIT_HOME": str(project.parent / "pre-commit")}
    done(TOOLS / "pre-commit", "run", "--all-files", cwd=project, env=hooks)
    body = project / "provisioning" / "body.json"
    sound = body.read_text()
    body.write_text(sound.replace('"site"', '"a site"'))
    broken = subprocess.run(["make", "lint"], cwd=project, env=environment, capture_output=True, check=False)
    assert b"DP024" in broken.stdout
    assert broken.returncode
    body.write_text(sound)


def a_device_provisions(cloud, outputs):
    fleet = DeployedFleet.from_outputs(cloud, outputs)
    serial_number = fleet.a_serial_number()
    device = fleet.provision(serial_number, Site=None)
    assert (fleet.template_name, device.thing_name) == ("sensors", f"sensors-{serial_number}")
    assert fleet.policies(device.certificate_id) == {"sensors-device"}


def test_a_project_of_the_cdk_is_tested_linted_and_deployed(command, built, tmp_path):
    project, environment = a_project(command, built, tmp_path, "cdk")
    checked(project, environment)
    with Emulator() as cloud:
        variables = {**environment, **cloud.environment(), "CDK_HOME": str(tmp_path)}
        cdk = ("uv", "run", "--locked", "cdk")
        done(*cdk, "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--ci", cwd=project, env=variables)
        options = ["--require-approval", "never", "--ci", "--outputs-file", "outputs.json"]
        done(*cdk, "deploy", *options, cwd=project, env=variables)
        a_device_provisions(cloud, json.loads((project / "outputs.json").read_text())["Sensors"])


@needs_engine
def test_a_project_of_pulumi_is_tested_linted_and_deployed(command, built, tmp_path):
    project, environment = a_project(command, built, tmp_path, "pulumi")
    checked(project, environment)
    with Emulator() as cloud:
        variables = {**environment, **pulumi_environment(cloud, tmp_path)}
        commands = project / ".venv" / "bin"
        variables["PATH"] = os.pathsep.join([str(commands), variables["PATH"]])
        driver = (commands / "python", ROOT / "tests" / "support" / "deploy_from_python.py")
        up = done(*driver, project, "up", cwd=project, env=variables).splitlines()[-1]
        a_device_provisions(cloud, json.loads(up)["outputs"])
