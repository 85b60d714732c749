"""Templates that change: what the service holds afterwards, on the emulator that enforces IAM."""

import pytest
from aws_cdk import App, CfnResource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy
from device_provisioning.cdk import PreProvisioningHook, ProvisioningTemplate
from device_provisioning.cdk.places import environment_of
from tests.support.changing import OPEN, Held, body, walk_through_eight_changes
from tests.support.synthesis import IRELAND
from workshop import cloud_assembly

NAME = "changing"
STACK = "Changing"


def a_hook(stack, construct_id):
    function = lambda_.Function(
        stack,
        f"{construct_id}Function",
        code=lambda_.Code.from_inline(OPEN),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
    )
    return PreProvisioningHook(stack, construct_id, function=function)


def another_role(stack):
    role = iam.Role(stack, "AnotherRole", assumed_by=iam.ServicePrincipal("iot.amazonaws.com"))
    policy = provisioning_role_policy(body(1).document, environment_of(stack))
    iam.ManagedPolicy(stack, "Rights", document=iam.PolicyDocument.from_json(policy), roles=[role])
    return role


def what_fails_after(template):
    """A resource that no service accepts, and that waits for everything of the template."""
    broken = CfnResource(
        Stack.of(template), "Broken", type="AWS::IoT::Policy", properties={"PolicyName": "broken"}
    )
    broken.node.add_dependency(template)


@pytest.fixture(scope="module")
def deploy(enforcing_emulator, tmp_path_factory):
    def deploy(number, *, hook=None, role=None, enabled=True, fails=False):
        folder = tmp_path_factory.mktemp("cdk.out")
        app = App(outdir=str(folder))
        stack = Stack(app, STACK, env=IRELAND)
        template = ProvisioningTemplate(
            stack,
            "Template",
            template_name=NAME,
            body=body(number),
            hook=a_hook(stack, hook) if hook else None,
            role=role and role(stack),
            enabled=enabled,
        )
        if fails:
            what_fails_after(template)
        app.synth()
        cloud_assembly.deploy(enforcing_emulator, folder, STACK)

    yield deploy
    cloud_assembly.destroy(enforcing_emulator, STACK)


@pytest.fixture
def held(enforcing_emulator):
    return Held(enforcing_emulator, NAME)


def test_eight_changes_in_a_row_leave_what_is_declared(deploy, held):
    walk_through_eight_changes(deploy, held, another_role)


def test_a_change_that_fails_leaves_the_version_that_was_the_default_before(deploy, held):
    deploy(21)
    version = held.described["defaultVersionId"]
    with pytest.raises(cloud_assembly.DeploymentFailed, match="ROLLBACK_COMPLETE"):
        deploy(22, hook="Hook", fails=True)
    assert held.described["defaultVersionId"] == version
    assert held.is_body(21)
    assert held.hook is None
