"""By what a CA registers devices."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from ..aws_iot import Context, TemplateType
from ..aws_iot.environment import Environment
from ..aws_iot.provisioning_role import authority_role_trust, provisioning_role_policy
from ..fleet.choices import require_prefix_that_narrows
from ..pulumi_providers.authority_template import AuthorityTemplate as Inside
from .certificate_authority import CertificateAuthority
from .documents import canonical, document_json
from .environment import environment_of
from .findings import report_findings
from .service_role import service_role


class AuthorityOfRegistration(CertificateAuthority):
    """A CA that is given its template afterwards, and that registers devices from then on."""

    def _changed_elsewhere(self) -> list[str]:
        return ["allow_auto_registration", "registration_config"]


class AuthorityTemplate(pulumi.ComponentResource):
    """Define by what a CA registers devices: a template by its name, or a body inside the CA.

    One resource says so in both ways, so that the way from one to the other is an update. The role of a body
    inside trusts this CA alone: so the CA is made first and registers nobody, then comes the role, then the
    CA is given the body.

    Args:
        name: The name of the resource.
        authority: The CA.
        ca_settings: What else changes of the CA, as text: the registration is given once more afterwards.
        template_name: The name of a template; none for a body inside.
        body: The body as a JSON document; none for a template.
        role: The role that AWS IoT applies the body with; created by default for a body inside.
        thing_name_prefix: What the names of things begin with, which narrows the created role; by default
            whatever the body shows.
        enabled: Whether the CA registers devices.
        silenced_rules: Codes of rules that don't apply to this body, each with the reason.
        opts: Options of the resource.

    Attributes:
        role: The role of the body inside; none for a template.
    """

    def __init__(
        self,
        name: str,
        *,
        authority: CertificateAuthority,
        ca_settings: pulumi.Input[str],
        template_name: pulumi.Input[str] | None = None,
        body: pulumi.Input[dict[str, Any]] | None = None,
        role: aws.iam.Role | None = None,
        thing_name_prefix: pulumi.Input[str] | None = None,
        enabled: pulumi.Input[bool],
        silenced_rules: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("device-provisioning:index:AuthorityTemplate", name, {}, opts)
        require_prefix_that_narrows(thing_name_prefix, role)
        if isinstance(body, dict):
            context = Context(belongs_to_ca=True)
            report_findings(self, canonical(body), TemplateType.JITP, context, silenced_rules)
        environment = environment_of(self)
        self.role, inside, awaited = role, pulumi.Output.from_input(""), list[pulumi.Resource]()
        if body is not None:
            known = pulumi.Output.from_input(body).apply(canonical)
            inside = pulumi.Output.json_dumps(known, separators=(",", ":"), ensure_ascii=False)
            self.role, awaited = self._role(name, role, authority, known, environment, thing_name_prefix)
        Inside(
            f"{name}-template",
            ca_certificate_id=authority.certificate_id,
            ca_settings=ca_settings,
            template_name=template_name or "",
            template_body=inside,
            role_arn=self.role.arn if self.role else "",
            enabled=enabled,
            silenced_rules=silenced_rules,
            environment=environment,
            opts=pulumi.ResourceOptions(parent=self, depends_on=awaited),
        )
        self.register_outputs({"roleArn": self.role.arn if self.role else None})

    def _role(
        self,
        name: str,
        role: aws.iam.Role | None,
        authority: CertificateAuthority,
        body: pulumi.Output[dict[str, Any]],
        environment: pulumi.Output[Environment],
        thing_name_prefix: pulumi.Input[str] | None,
    ) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        if role:
            return role, [role]
        role, permissions = service_role(
            f"{name}-role",
            parent=self,
            trust=document_json(
                authority_role_trust, certificate_arn=authority.certificate_arn, environment=environment
            ),
            policy=document_json(
                provisioning_role_policy,
                body=body,
                environment=environment,
                thing_name_prefix=thing_name_prefix,
            ),
            description="AWS IoT applies the template body inside a CA with this role",
        )
        return role, [permissions]
