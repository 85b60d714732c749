"""A provisioning template: what pulumi-aws's own lacks is here.

``aws.iot.ProvisioningTemplate`` can't remove a hook, never chooses a default version, and fails at the sixth
body, because AWS IoT keeps five versions
(https://github.com/hashicorp/terraform-provider-aws/issues/35392).
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from botocore.exceptions import ClientError
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    UpdateResult,
)

from ..aws_iot import Context, Definition, Hook, Severity, TemplateType, check
from ..aws_iot.environment import Environment
from ..aws_iot.template_text import parse_body
from ..aws_iot.unresolved import unresolved_paths
from ..lambdas.custom_resources.certificates import GONE, is_error
from .account import AccountProvider, difference, place
from .template_api import TemplateApi


class TemplateProvider(AccountProvider):
    """Create, change and delete a template."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Ask the rules, once everything is known."""
        settings = {name: value for name, value in news.items() if not name.startswith("__")}
        if any(unresolved_paths(settings)):
            return CheckResult(dict(news), [])
        return CheckResult(dict(news), [CheckFailure("", problem) for problem in _problems(settings)])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Name and type can't change in place."""
        return difference(_olds, _news, replacing=("template_name", "template_type"))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the template with its first version."""
        self._api(props).create()
        return CreateResult(props["template_name"], dict(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Make a version of a changed body the default one; change settings, remove the hook that is gone."""
        self._api(_news).update()
        return UpdateResult(dict(_news))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look what the template is by now."""
        try:
            found = {**props, **self._api(props).read()}
        except ClientError as error:
            if is_error(error, GONE):
                return ReadResult("", {})
            raise
        return ReadResult(id_, found, inputs=dict(found))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the template with all its versions."""
        self._api(_props).delete()

    def _api(self, properties: dict[str, Any]) -> TemplateApi:
        return TemplateApi(self.client("iot", properties), properties)


class Template(Resource, module="device-provisioning", name="ProvisioningTemplate"):
    """A provisioning template.

    Args:
        name: The name of the resource.
        template_name: The name of the template.
        template_type: Its type.
        template_body: Its body as JSON text.
        provisioning_role_arn: The role that AWS IoT assumes.
        hook_arn: The function that AWS IoT asks first.
        description: What it is for.
        enabled: Whether devices may register.
        tags: Its tags.
        silenced_rules: Rules that don't apply, each with the reason.
        environment: Where it is.
        opts: Options of the resource.
    """

    def __init__(
        self,
        name: str,
        *,
        template_name: pulumi.Input[str],
        template_type: TemplateType,
        template_body: pulumi.Input[str],
        provisioning_role_arn: pulumi.Input[str],
        hook_arn: pulumi.Input[str] | None,
        description: pulumi.Input[str] | None,
        enabled: pulumi.Input[bool],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None,
        silenced_rules: Mapping[str, str],
        environment: pulumi.Output[Environment],
        opts: pulumi.ResourceOptions,
    ) -> None:
        properties = {
            "template_name": template_name,
            "template_type": str(template_type),
            "template_body": template_body,
            "provisioning_role_arn": provisioning_role_arn,
            "hook_arn": hook_arn or "",
            "description": description or "",
            "enabled": enabled,
            "tags": tags or {},
            "silenced_rules": dict(silenced_rules),
            **place(environment),
        }
        super().__init__(TemplateProvider(), name, properties, opts)


def _problems(settings: Mapping[str, Any]) -> list[str]:
    context = Context(
        Definition(settings["template_name"], settings["description"] or None, settings["enabled"]),
        Hook() if settings["hook_arn"] else None,
    )
    try:
        body = parse_body(settings["template_body"])
        findings = check(
            body,
            TemplateType(settings["template_type"]),
            context=context,
            silenced=settings["silenced_rules"],
        )
    except ValueError as error:
        return [str(error)]
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]
