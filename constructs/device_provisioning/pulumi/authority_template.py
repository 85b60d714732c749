"""A template body inside a CA."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from ..aws_iot import Context, TemplateType
from ..aws_iot.provisioning_role import authority_role_trust, provisioning_role_policy
from ..pulumi_providers.authority_template import AuthorityTemplate as Inside
from .certificate_authority import CertificateAuthority
from .documents import canonical, document_json
from .environment import environment_of
from .findings import report_findings
from .service_role import service_role


class AuthorityOfTemplateInside(CertificateAuthority):
    """A CA that is given its body afterwards, and that registers devices from then on."""

    def _changed_elsewhere(self) -> list[str]:
        return ["allow_auto_registration", "registration_config"]


class AuthorityTemplate(pulumi.ComponentResource):
    """Define a body inside a CA, with a role that AWS IoT can use for this CA only.

    The role's trust names the CA, so the CA is made without a body and registers nobody; then it is given
    the body, and registers devices.

    Args:
        name: The name of the resource.
        authority: The CA.
        ca_settings: What else changes of the CA, as text: the body is given once more afterwards.
        body: The body as a JSON document.
        role: The role that AWS IoT applies the body with; created by default.
        enabled: Whether the CA registers devices.
        silenced_rules: Codes of rules that don't apply to this body, each with the reason.
        opts: Options of the resource.
    """

    def __init__(
        self,
        name: str,
        *,
        authority: CertificateAuthority,
        ca_settings: pulumi.Input[str],
        body: pulumi.Input[dict[str, Any]],
        role: aws.iam.Role | None,
        enabled: pulumi.Input[bool],
        silenced_rules: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("device-provisioning:index:AuthorityTemplate", name, {}, opts)
        if isinstance(body, dict):
            context = Context(belongs_to_ca=True)
            report_findings(self, canonical(body), TemplateType.JITP, context, silenced_rules)
        known = pulumi.Output.from_input(body).apply(canonical)
        environment = environment_of(self)
        awaited: list[pulumi.Resource] = [role] if role else []
        if role is None:
            role, permissions = service_role(
                f"{name}-role",
                parent=self,
                trust=document_json(
                    authority_role_trust,
                    certificate_arn=authority.certificate_arn,
                    environment=environment,
                ),
                policy=document_json(provisioning_role_policy, body=known, environment=environment),
                description="AWS IoT applies the template body inside a CA with this role",
            )
            awaited = [permissions]
        self.role = role
        Inside(
            f"{name}-template",
            ca_certificate_id=authority.certificate_id,
            ca_settings=ca_settings,
            template_body=pulumi.Output.json_dumps(known, separators=(",", ":"), ensure_ascii=False),
            role_arn=role.arn,
            enabled=enabled,
            silenced_rules=silenced_rules,
            environment=environment,
            opts=pulumi.ResourceOptions(parent=self, depends_on=awaited),
        )
        self.register_outputs({"roleArn": role.arn})
