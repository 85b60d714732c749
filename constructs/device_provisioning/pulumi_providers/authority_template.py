"""What a CA registers devices by: a template's name, or a body inside, once its role can name the CA."""

import json
import time
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

from ..aws_iot import Context, Severity, TemplateType, check
from ..aws_iot.environment import Environment
from ..aws_iot.template_text import parse_body
from ..aws_iot.unresolved import unresolved_paths
from ..lambdas.custom_resources.authority_template import give, take_away
from ..lambdas.custom_resources.certificates import GONE, is_error
from .account import AccountProvider, difference, place

SECONDS_FOR_A_ROLE = 60


class AuthorityTemplateProvider(AccountProvider):
    """Give a CA its template or its body, and take away what is its own."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Ask the rules, once everything is known."""
        settings = {name: value for name, value in news.items() if not name.startswith("__")}
        if any(unresolved_paths(settings)):
            return CheckResult(dict(news), [])
        problems = [] if settings["template_name"] else _problems(settings)
        return CheckResult(dict(news), [CheckFailure("", problem) for problem in problems])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another CA gets a registration of its own."""
        return difference(_olds, _news, replacing=("ca_certificate_id",))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Give the CA its template or its body."""
        self._give(props)
        return CreateResult(f"template-of-{props['ca_certificate_id']}", dict(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Give the CA another one, or the same after the CA has changed."""
        self._give(_news)
        return UpdateResult(dict(_news))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look what the CA has by now."""
        iot = self.client("iot", props)
        try:
            found = iot.describe_ca_certificate(certificateId=props["ca_certificate_id"])
        except ClientError as error:
            if is_error(error, GONE):
                return ReadResult("", {})
            raise
        read = {**props, **_read(found, props)}
        return ReadResult(id_, read, inputs=dict(read))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Let the CA register nobody any more, unless something else registers by now."""
        take_away(self.client("iot", _props), _props["ca_certificate_id"], _registration(_props))

    def _give(self, properties: dict[str, Any]) -> None:
        deadline = time.monotonic() + SECONDS_FOR_A_ROLE
        give(
            self.client("iot", properties),
            properties["ca_certificate_id"],
            _registration(properties),
            enabled=properties["enabled"],
            seconds_left=lambda: deadline - time.monotonic(),
        )


class AuthorityTemplate(Resource, module="device-provisioning", name="AuthorityTemplate"):
    """What a CA registers devices by, the one resource that says so in both ways.

    Args:
        name: The name of the resource.
        ca_certificate_id: The CA.
        ca_settings: What else changes of the CA: the registration is given once more afterwards.
        template_name: The name of a template; empty for a body inside the CA.
        template_body: The body as JSON text; empty for a template.
        role_arn: The role that AWS IoT applies the body with; empty for a template.
        enabled: Whether the CA registers devices.
        silenced_rules: Rules that don't apply, each with the reason.
        environment: Where the CA is.
        opts: Options of the resource.
    """

    def __init__(
        self,
        name: str,
        *,
        ca_certificate_id: pulumi.Input[str],
        ca_settings: pulumi.Input[str],
        template_name: pulumi.Input[str],
        template_body: pulumi.Input[str],
        role_arn: pulumi.Input[str],
        enabled: pulumi.Input[bool],
        silenced_rules: Mapping[str, str],
        environment: pulumi.Output[Environment],
        opts: pulumi.ResourceOptions,
    ) -> None:
        properties = {
            "ca_certificate_id": ca_certificate_id,
            "ca_settings": ca_settings,
            "template_name": template_name,
            "template_body": template_body,
            "role_arn": role_arn,
            "enabled": enabled,
            "silenced_rules": dict(silenced_rules),
            **place(environment),
        }
        super().__init__(AuthorityTemplateProvider(), name, properties, opts)


def _registration(properties: Mapping[str, Any]) -> dict[str, str]:
    # States of earlier versions know bodies alone.
    if name := properties.get("template_name"):
        return {"templateName": name}
    return {"templateBody": properties["template_body"], "roleArn": properties["role_arn"]}


def _read(found: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    config = found.get("registrationConfig", {})
    body, known = config.get("templateBody", ""), properties["template_body"]
    # AWS IoT may write the same document in another way.
    is_same = bool(body) and json.loads(body) == json.loads(known)
    return {
        "template_name": config.get("templateName", ""),
        "template_body": known if is_same else body,
        "role_arn": config.get("roleArn", ""),
        "enabled": found["certificateDescription"].get("autoRegistrationStatus") == "ENABLE",
    }


def _problems(settings: Mapping[str, Any]) -> list[str]:
    try:
        findings = check(
            parse_body(settings["template_body"]),
            TemplateType.JITP,
            context=Context(belongs_to_ca=True),
            silenced=settings["silenced_rules"],
        )
    except ValueError as error:
        return [str(error)]
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]
