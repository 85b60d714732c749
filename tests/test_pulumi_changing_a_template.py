"""Templates that change on Pulumi's own engine: what the service holds afterwards."""

import pulumi
import pulumi_aws as aws
import pytest

from device_provisioning.aws_iot.environment import Environment
from device_provisioning.aws_iot.provisioning_role import provisioning_role_policy, provisioning_role_trust
from device_provisioning.fleet.function_roles import function_trust
from device_provisioning.pulumi import ProvisioningTemplate
from tests.support.changing import OPEN, Held, body, walk_through_eight_changes
from tests.support.needing_engine import needs_engine
from workshop.emulator import ACCOUNT, REGION
from workshop.pulumi_engine import FLEET, stack_of

pytestmark = [pytest.mark.exhaustive, needs_engine, pytest.mark.timeout(900)]

NAME = "changing-on-pulumi"
IRELAND = Environment(ACCOUNT, REGION)


def hooks():
    """Two functions; the component lets AWS IoT invoke the one that is the hook."""
    role = aws.iam.Role("hook-role", assume_role_policy=pulumi.Output.json_dumps(function_trust(IRELAND)))
    code = pulumi.AssetArchive({"index.py": pulumi.StringAsset(OPEN)})
    return {
        name: aws.lambda_.Function(
            name, code=code, handler="index.handler", runtime="python3.14", role=role.arn
        )
        for name in ("First", "Second")
    }


def another_role():
    trust = provisioning_role_trust(NAME, IRELAND)
    role = aws.iam.Role("another", assume_role_policy=pulumi.Output.json_dumps(trust))
    policy = provisioning_role_policy(body(0).document, IRELAND)
    aws.iam.RolePolicy("another-rights", role=role.name, policy=pulumi.Output.json_dumps(policy))
    return role


class Changing:
    """A stack whose template changes from deployment to deployment."""

    def __init__(self, emulator, folder):
        self._settings = {}
        self._hook = None
        self._role = None
        self.stack = stack_of(FLEET, emulator, folder, program=self._program)

    def deploy(self, number, *, hook=None, role=None, enabled=True):
        self._settings = {"template_name": NAME, "body": body(number).document, "enabled": enabled}
        self._hook, self._role = hook, role
        self.stack.up()

    def _program(self):
        functions = hooks()
        hook = {"hook": functions[self._hook]} if self._hook else {}
        role = {"role": self._role()} if self._role else {}
        ProvisioningTemplate("template", {**self._settings, **hook, **role})


def test_eight_changes_in_a_row_leave_what_is_declared(enforcing_emulator, tmp_path):
    changing = Changing(enforcing_emulator, tmp_path)
    walk_through_eight_changes(changing.deploy, Held(enforcing_emulator, NAME), another_role)
    assert changing.stack.preview(expect_no_changes=True)
    changing.stack.destroy()
