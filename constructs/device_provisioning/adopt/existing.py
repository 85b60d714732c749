"""A template and what belongs to it, as an account has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..aws_iot import Claim, Context, Definition, Finding, Hook, InvokePermission, Role, TemplateType, check
from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document
from ..aws_iot.template_text import parse_body

Tags = Mapping[str, str]


@dataclass(frozen=True)
class ExistingPolicy:
    """A policy of AWS IoT.

    Args:
        name: Its name.
        document: Its default version.
        text: The same, to the letter.
        tags: Its tags.
        other_templates: The other templates that it serves.
    """

    name: str
    document: Document
    text: str
    tags: Tags = field(default_factory=dict)
    other_templates: Sequence[str] = ()


@dataclass(frozen=True)
class ExistingClaim:
    """A certificate that holds a policy of claims.

    Args:
        certificate_id: Its id.
        policies: The names of all policies that it holds, as far as they are known.
    """

    certificate_id: str
    policies: Sequence[str]


@dataclass(frozen=True)
class ExistingRole:
    """The provisioning role.

    Args:
        name: Its name.
        trust: Its trust document.
        path: Its path.
        description: Its description; ``None`` without one.
        max_session_seconds: How long a session may last.
        permissions_boundary: The ARN of the policy that bounds it; ``None`` without one.
        managed_policy_arns: The managed policies that are attached.
        inline_policies: The documents of its own policies, by name.
        tags: Its tags.
        other_templates: The other templates that are applied with it.
    """

    name: str
    trust: Document
    path: str = "/"
    description: str | None = None
    max_session_seconds: int = 3600
    permissions_boundary: str | None = None
    managed_policy_arns: Sequence[str] = ()
    inline_policies: Mapping[str, Document] = field(default_factory=dict)
    tags: Tags = field(default_factory=dict)
    other_templates: Sequence[str] = ()


@dataclass(frozen=True)
class ExistingPermission:
    """A statement that lets AWS IoT invoke the hook.

    Args:
        statement_id: Its ``Sid``.
        action: What it allows.
        principal: Whom.
        source_arn: For which template; ``None`` for any.
        source_account: For which account; ``None`` for any.
    """

    statement_id: str
    action: str
    principal: str
    source_arn: str | None = None
    source_account: str | None = None


@dataclass(frozen=True)
class ExistingHook:
    """The pre-provisioning hook: a function that somebody else deploys.

    Args:
        target_arn: The function, as the template names it.
        payload_version: The version of its event; ``None`` if the template names none.
        timeout_seconds: The timeout of the function.
        permissions: What lets AWS IoT invoke it for this template.
        handler: The handler of the function.
        settings: Its variables, of the hook of this library only: those of others may be secret.
    """

    target_arn: str
    payload_version: str | None
    timeout_seconds: int
    permissions: Sequence[ExistingPermission] = ()
    handler: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def function_name(self) -> str:
        """The name alone, without Region, account and qualifier."""
        return self.target_arn.split(":")[6]

    @property
    def qualifier(self) -> str | None:
        """The alias or version that the template names, if it names one."""
        _, _, _, _, _, _, _, *qualifier = self.target_arn.split(":")
        return qualifier[0] if qualifier else None


@dataclass(frozen=True)
class ExistingFleet:
    """A template with its role, hook and policies.

    Args:
        name: The name of the template.
        arn: Its ARN.
        template_type: Its type.
        body: Its default version, to the letter.
        enabled: Whether devices may register.
        role: Its role.
        description: Its description; ``None`` without one.
        tags: Its tags.
        hook: Its hook; ``None`` without one.
        claim_policies: The policies that reach its topics.
        device_policies: The policies that its body names.
        claims: Certificates that hold policies of claims, where they were asked for.
        unseen_claims: What is not known of the certificates that hold a policy, by its name.
        remarks: What could not be taken over, and why.
    """

    name: str
    arn: str
    template_type: TemplateType
    body: str
    enabled: bool
    role: ExistingRole
    description: str | None = None
    tags: Tags = field(default_factory=dict)
    hook: ExistingHook | None = None
    claim_policies: Sequence[ExistingPolicy] = ()
    device_policies: Sequence[ExistingPolicy] = ()
    claims: Sequence[ExistingClaim] = ()
    unseen_claims: Mapping[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    @property
    def environment(self) -> Environment:
        """Where it is."""
        _, partition, _, region, account, _ = self.arn.split(":", 5)
        return Environment(account, region, partition)

    @cached_property
    def body_document(self) -> Mapping[str, Any]:
        """What the body says; nothing if it is none."""
        try:
            return parse_body(self.body)
        except ValueError:
            return {}

    def findings(self) -> list[Finding]:
        """What the rules find in all of it."""
        role = Role(
            trust=self.role.trust,
            policies=list(self.role.inline_policies.values()),
            managed_policy_arns=self.role.managed_policy_arns,
        )
        claims = [Claim(policy.document) for policy in self.claim_policies]
        context = Context(self._definition, self._hook, role, claims)
        return check(self.body, self.template_type, context=context)

    def findings_of_template(self) -> list[Finding]:
        """What the rules find in the template alone."""
        hook = Hook(self.hook.target_arn, self.hook.payload_version) if self.hook else None
        return check(self.body, self.template_type, context=Context(self._definition, hook))

    @property
    def _definition(self) -> Definition:
        return Definition(self.name, self.description, self.enabled, self.body)

    @property
    def _hook(self) -> Hook | None:
        if not self.hook:
            return None
        permissions = [
            InvokePermission(entry.principal, entry.action, entry.source_arn, entry.source_account)
            for entry in self.hook.permissions
        ]
        return Hook(
            self.hook.target_arn,
            self.hook.payload_version,
            timeout_seconds=self.hook.timeout_seconds,
            permissions=permissions,
        )
