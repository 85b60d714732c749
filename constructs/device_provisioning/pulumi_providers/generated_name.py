"""A name that has to be known before the resource that has it."""

from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
)

from ..aws_iot import TemplateType
from ..aws_iot.limits import TEMPLATE_NAME
from ..fleet.generated_name import generated_name


class GeneratedNameProvider(ResourceProvider):
    """Keep the first name, also when the component is renamed, until the type changes."""

    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Put the name that is in use in the place of the proposed one."""
        same_type = _olds.get("template_type") == news["template_type"]
        result = _olds["result"] if same_type else news["proposed"]
        return CheckResult({"template_type": news["template_type"], "result": result}, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another type needs another name."""
        changed = _olds["template_type"] != _news["template_type"]
        return DiffResult(changes=changed, replaces=["template_type"] if changed else [])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The name is all there is."""
        return CreateResult(props["result"], dict(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """A name is in the state alone: nobody else can change it."""
        return ReadResult(id_, dict(props))


class GeneratedName(Resource, module="device-provisioning", name="GeneratedName"):
    """The name of a template.

    Args:
        name: The name of the resource.
        of: The name of the component that the name is for.
        template_type: The type of the template.
        parent: The component above.
    """

    result: pulumi.Output[str]

    def __init__(self, name: str, *, of: str, template_type: TemplateType, parent: pulumi.Resource) -> None:
        path = "/".join([pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), of])
        ending = "-JITP" if template_type is TemplateType.JITP else ""
        proposed = generated_name(path, longest=TEMPLATE_NAME.longest, ending=ending)
        properties = {"proposed": proposed, "template_type": str(template_type), "result": None}
        super().__init__(GeneratedNameProvider(), name, properties, pulumi.ResourceOptions(parent=parent))
