"""Templates that change: what the service holds afterwards, on the emulator that enforces IAM."""

import json

import pytest
from aws_cdk import App, CfnResource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from synthesis import IRELAND

from device_provisioning.aws_iot import Certificate, FleetTemplate, Parameter, Policy, Thing, join, ref
from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy
from device_provisioning.cdk import PreProvisioningHook, ProvisioningTemplate
from device_provisioning.cdk.environment import environment_of
from device_provisioning.local import cloud_assembly

NAME = "changing"
STACK = "Changing"
OPEN = "def handler(event, context): return {'allowProvisioning': True}"

pytestmark = pytest.mark.xdist_group("changing-a-template")


def body(number):
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(
            thing_name=join("-", ["changing", ref("SerialNumber")]), attribute_payload={"body": str(number)}
        ),
        certificate=Certificate(),
        policies=[Policy(policy_name="changing-runtime")],
    )


def a_hook(stack, construct_id):
    function = lambda_.Function(
        stack,
        f"{construct_id}Function",
        code=lambda_.Code.from_inline(OPEN),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
    )
    return PreProvisioningHook.from_function(stack, construct_id, function)


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
def iot(enforcing_emulator):
    return enforcing_emulator.client("iot")


def described(iot):
    return iot.describe_provisioning_template(templateName=NAME)


def hook_of(iot):
    return described(iot).get("preProvisioningHook", {}).get("targetArn")


def holds(iot, number):
    """Whether the body is the default version, and there is room for a change and its roll-back."""
    versions = iot.list_provisioning_template_versions(templateName=NAME)["versions"]
    return json.loads(described(iot)["templateBody"]) == body(number).document and len(versions) <= 3


def test_eight_changes_in_a_row_leave_what_is_declared(deploy, iot):
    deploy(0)
    first_role = described(iot)["provisioningRoleArn"]
    deploy(1, hook="First")
    assert holds(iot, 1)
    first_hook = hook_of(iot)
    assert first_hook
    deploy(2, hook="Second")
    assert holds(iot, 2)
    assert hook_of(iot) not in (first_hook, None)
    deploy(3)
    assert holds(iot, 3)
    assert hook_of(iot) is None
    deploy(4, role=another_role)
    assert holds(iot, 4)
    assert described(iot)["provisioningRoleArn"] != first_role
    deploy(5, enabled=False)
    assert holds(iot, 5)
    assert described(iot)["enabled"] is False
    for number in (6, 7, 8):
        deploy(number)
        assert holds(iot, number)
    assert described(iot)["enabled"] is True


def test_a_change_that_fails_leaves_the_version_that_was_the_default_before(deploy, iot):
    deploy(21)
    version = described(iot)["defaultVersionId"]
    with pytest.raises(cloud_assembly.DeploymentFailed, match="ROLLBACK_COMPLETE"):
        deploy(22, hook="Hook", fails=True)
    assert described(iot)["defaultVersionId"] == version
    assert holds(iot, 21)
    assert hook_of(iot) is None
