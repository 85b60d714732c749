"""A template body inside a CA."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jsii
from aws_cdk import IStableAnyProducer, Lazy, Stack, TagManager
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..aws_iot import Context, JitpTemplate
from ..aws_iot.provisioning_role import authority_role_trust, provisioning_role_policy
from ..aws_iot.touched_resources import touched_resources
from ..fleet.choices import require_prefix_that_narrows
from ..fleet.custom_resources import AUTHORITY_TEMPLATE
from .caretaker import take_care
from .certificate_authority import CertificateAuthority
from .findings import report_findings, report_findings_about_role, report_what_has_to_exist
from .neighbours import wait_for_neighbours
from .places import environment_of
from .service_role import ServiceRole, arn_of, view_of


class AuthorityTemplate(Construct):
    """Define a body inside a CA, with a role that AWS IoT can use for this CA only.

    The role's trust names the CA, and CloudFormation's own resource of the CA would need the role first. So
    the CA is made without a body and registers nobody, then comes the role, then a function gives the CA the
    body and lets it register devices.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        authority: The CA.
        body: The body, which is checked by the rules here and now.
        role: The role that AWS IoT applies the body with; created by default.
        thing_name_prefix: What the names of things begin with, which narrows the created role; by default
            whatever the body shows.
        enabled: Whether the CA registers devices.
        silenced_rules: Codes of rules that don't apply to this body, each with the reason.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        authority: CertificateAuthority,
        body: JitpTemplate,
        role: iam.IRole | None = None,
        thing_name_prefix: str | None = None,
        enabled: bool = True,
        silenced_rules: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_prefix_that_narrows(thing_name_prefix, role)
        context = Context(belongs_to_ca=True)
        report_findings(self, body, context, silenced_rules)
        if role:
            report_findings_about_role(self, body, context, role, silenced_rules)
        self._role = role or self._create_role(authority.certificate_arn, body, thing_name_prefix)
        role_arn = arn_of(self._role)
        # Nobody is registered before the body is there, and an update of the CA does not end what began then.
        authority.resource.auto_registration_status = None
        resource = take_care(
            self,
            "Resource",
            AUTHORITY_TEMPLATE,
            rights={"certificate_arn": authority.certificate_arn, "role_arn": role_arn},
            properties={
                "CaCertificateId": authority.certificate_id,
                "TemplateBody": Stack.of(self).to_json_string(body.document),
                "RoleArn": role_arn,
                "Enabled": "true" if enabled else "false",
                # Whatever else changes of the CA, the body is given once more afterwards.
                "Status": authority.resource.status,
                "Tags": Lazy.any(_Tags(authority.resource.tags)),
            },
        )
        if role:
            resource.node.add_dependency(role)
        wait_for_neighbours(
            self,
            touched_resources(body.document),
            lambda beside: report_what_has_to_exist(self, body, context, beside, silenced_rules),
        )

    @cached_property
    def role(self) -> iam.IRole:
        """The role that AWS IoT applies the body with."""
        return view_of(self._role)

    def _create_role(
        self, certificate_arn: str, body: JitpTemplate, thing_name_prefix: str | None
    ) -> ServiceRole:
        environment = environment_of(self)
        return ServiceRole(
            self,
            "Role",
            trust=authority_role_trust(certificate_arn, environment),
            policy=provisioning_role_policy(body.document, environment, thing_name_prefix),
            description="AWS IoT applies the template body inside a CA with this role",
        )


@jsii.implements(IStableAnyProducer)
class _Tags:
    """Tags as they are in the end: others add theirs to whole stacks and apps."""

    def __init__(self, tags: TagManager) -> None:
        self._tags = tags

    def produce(self) -> Any:
        return self._tags.render_tags()
