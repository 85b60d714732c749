"""The examples for Pulumi, each run as a whole program without the engine."""

import ast

import pytest

from device_provisioning import cdk, pulumi
from tests.support.example_programs import FOLDER, PROGRAMS, run
from tests.support.pulumi_program import ran

CONFIGURATION = {
    "iotda:endpoint": "1a2b3c4d5e.iotda-app.cn-north-4.example.com",
    "iotda:instanceId": "instance-1",
    "iotda:projectId": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "panorama:endpointUrl": "https://panorama.example.com",
}


def components(path):
    """The components of ours that a program uses."""
    names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    return names & set(cdk.__all__) & set(pulumi.__all__)


def test_every_example_for_cdk_has_a_twin_with_the_same_components():
    twins = {path.name.replace("_pulumi", ""): path for path in PROGRAMS}
    for path in FOLDER.glob("*.py"):
        if path not in PROGRAMS:
            assert path.name in twins, f"{path} has no twin"
            assert components(twins[path.name]) == components(path), path.name


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_runs(path, preview):
    program = ran(lambda: run(path), preview=preview, config=CONFIGURATION)
    assert any(":device-provisioning:index:" in urn for urn in program.resources)


def test_trusted_users_may_create_claims_of_their_template_and_do_nothing_else():
    program = ran(lambda: run(FOLDER / "trusted_user_pulumi.py"))
    (statement,) = program.named("technicians-claims")["inputs"]["policy"]["Statement"]
    assert statement["Action"] == "iot:CreateProvisioningClaim"
    template_name = program.outputs[program.urn("installed-by-technicians")]["templateName"]
    assert statement["Resource"].endswith(f":provisioningtemplate/{template_name}")
