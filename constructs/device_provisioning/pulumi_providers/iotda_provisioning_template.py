"""A pre-provisioning template of IoTDA: no provider of Pulumi has one."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    UpdateResult,
)

from ..aws_iot import Severity
from ..aws_iot.template_text import minified, parse_body
from ..aws_iot.unresolved import unresolved_paths
from ..iotda import Context, check
from ..iotda.client import is_same_body
from .account import difference
from .iotda_instance import PLACE, InstanceProvider, place


class IotdaProvisioningTemplateProvider(InstanceProvider):
    """Create, change and delete a template; its id is its template id."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Keep a generated name, and ask the rules once everything is known."""
        inputs = {name: value for name, value in news.items() if name != "proposed_name"}
        inputs["template_name"] = news["template_name"] or _olds.get("template_name") or news["proposed_name"]
        settings = {name: value for name, value in inputs.items() if not name.startswith("__")}
        failures = [] if any(unresolved_paths(settings)) else _problems(settings)
        return CheckResult(inputs, [CheckFailure("", problem) for problem in failures])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Name and instance can't change in place."""
        return difference(_olds, _news, replacing=("template_name", *PLACE))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the template, or find the one whose answer was lost."""
        with self.client(props) as client:
            template = client.templates.create(
                props["template_name"], parse_body(props["template_body"]), props["description"] or None
            )
        return CreateResult(template["template_id"], dict(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change body and description."""
        with self.client(_news) as client:
            client.templates.update(_id, parse_body(_news["template_body"]), _news["description"] or None)
        return UpdateResult(dict(_news))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look what the template is by now."""
        with self.client(props) as client:
            if not client.templates.exists(id_):
                return ReadResult("", {})
            template = client.templates.show(id_)
        found = {
            **props,
            "template_name": template["template_name"],
            "description": template.get("description") or "",
            "template_body": _as_known(template["template_body"], props["template_body"]),
        }
        return ReadResult(id_, found, inputs=dict(found))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Unbind the template and delete it; gone already is fine."""
        with self.client(_props) as client:
            client.templates.delete(_id)


class PreProvisioningTemplate(Resource, module="device-provisioning", name="IotdaProvisioningTemplate"):
    """A pre-provisioning template.

    Args:
        name: The name of the resource.
        template_name: The name of the template; ``proposed_name`` by default, as long as the template lives.
        proposed_name: A generated name.
        template_body: Its body as JSON text.
        description: A description; none by default.
        silenced_rules: Rules that don't apply, each with the reason.
        instance: Where it is.
        parent: The component above.
    """

    template_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        template_name: pulumi.Input[str] | None,
        proposed_name: str,
        template_body: pulumi.Input[str],
        description: pulumi.Input[str] | None,
        silenced_rules: Mapping[str, str],
        instance: Mapping[str, Any],
        parent: pulumi.Resource,
    ) -> None:
        properties = {
            "template_name": template_name or "",
            "proposed_name": proposed_name,
            "template_body": template_body,
            "description": description or "",
            "silenced_rules": dict(silenced_rules),
            **place(instance),
        }
        options = pulumi.ResourceOptions(parent=parent)
        super().__init__(IotdaProvisioningTemplateProvider(), name, properties, options)


def _problems(inputs: Mapping[str, Any]) -> list[str]:
    context = Context(inputs["template_name"], inputs["description"] or None)
    try:
        findings = check(inputs["template_body"], context=context, silenced=inputs["silenced_rules"])
    except ValueError as error:
        return [str(error)]
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]


def _as_known(answered: Mapping[str, Any], known: str) -> str:
    """The body as it is by now: the known text if it says the same, whatever the order of its keys."""
    return known if is_same_body(answered, parse_body(known)) else minified(answered)
