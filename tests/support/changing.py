"""A template that changes again and again, and what the service holds of it."""

import json

from device_provisioning.aws_iot import Certificate, FleetTemplate, Parameter, Policy, Thing, join, ref

OPEN = "def handler(event, context): return {'allowProvisioning': True}"
"""The code of a hook."""


def body(number):
    """A body that differs from those of other numbers."""
    return FleetTemplate(
        parameters={"SerialNumber": Parameter()},
        thing=Thing(
            thing_name=join("-", ["changing", ref("SerialNumber")]), attribute_payload={"body": str(number)}
        ),
        certificate=Certificate(),
        policies=[Policy(policy_name="changing-runtime")],
    )


class Held:
    """What the service holds of a template."""

    def __init__(self, emulator, name):
        self._iot, self._name = emulator.client("iot"), name

    @property
    def described(self):
        return self._iot.describe_provisioning_template(templateName=self._name)

    @property
    def hook(self):
        return self.described.get("preProvisioningHook", {}).get("targetArn")

    def is_body(self, number):
        """Whether it is the default version, and there is room for a change and its roll-back."""
        versions = self._iot.list_provisioning_template_versions(templateName=self._name)["versions"]
        return json.loads(self.described["templateBody"]) == body(number).document and len(versions) <= 3


def walk_through_eight_changes(deploy, held, another_role):
    """Deploy nine states in a row, and look at each: body, hook, role and ``enabled``.

    Args:
        deploy: Deploys a body by its number, with ``hook``, ``role`` and ``enabled``.
        held: The ``Held`` template.
        another_role: What ``deploy`` takes for another role.
    """
    deploy(0)
    first_role = held.described["provisioningRoleArn"]
    assert held.is_body(0)
    deploy(1, hook="First")
    assert held.is_body(1)
    first_hook = held.hook
    assert first_hook
    deploy(2, hook="Second")
    assert held.is_body(2)
    assert held.hook not in (first_hook, None)
    deploy(3)
    assert held.is_body(3)
    assert held.hook is None
    deploy(4, role=another_role)
    assert held.is_body(4)
    assert held.described["provisioningRoleArn"] != first_role
    deploy(5, enabled=False)
    assert held.is_body(5)
    assert held.described["enabled"] is False
    for number in (6, 7, 8):
        deploy(number)
        assert held.is_body(number)
    assert held.described["enabled"] is True
