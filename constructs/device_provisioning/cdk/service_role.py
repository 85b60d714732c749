"""A role of the core's documents."""

from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import aws_iam as iam
from constructs import Construct

from ..aws_iot.statements import Document
from .acknowledgements import Finding, acknowledge_rules, rules_of, wildcard_rules
from .places import place_of

INLINE_REASONS = {
    Finding.INLINE_POLICY: "nobody else needs the policy: it lives and dies with its role",
}
_RESOURCES: WeakKeyDictionary[iam.IRole, iam.CfnRole] = WeakKeyDictionary()


class ServiceRole:
    """Define a role that one service may assume, with its policy inside: both come and go together.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        trust: Who may assume it.
        policy: What it may do.
        description: What it is for.
        acknowledged: Whether its findings are acknowledged here; otherwise ``rules`` are to be elsewhere. Yes
            by default.
        **settings: As of ``iam.CfnRole``.

    Attributes:
        arn: Its ARN.
        rules: Why its findings are meant, by cdk-nag's rules.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        trust: Document,
        policy: Document,
        description: str,
        acknowledged: bool = True,
        **settings: Any,
    ) -> None:
        self._scope, self._id = scope, construct_id
        self._resource = iam.CfnRole(
            scope,
            construct_id,
            assume_role_policy_document=trust,
            policies=[iam.CfnRole.PolicyProperty(policy_name="Permissions", policy_document=policy)],
            description=description,
            **settings,
        )
        self.rules = {**rules_of(INLINE_REASONS), **wildcard_rules(policy, place_of(scope).stack)}
        if acknowledged:
            acknowledge_rules(self._resource, self.rules)
        self.arn = self._resource.attr_arn

    @cached_property
    def view(self) -> iam.IRole:
        """The role with grants, for those who ask for it."""
        view = iam.Role.from_role_name(self._scope, f"{self._id}View", self._resource.ref)
        _RESOURCES[view] = self._resource
        return view


def arn_of(role: iam.IRole | ServiceRole) -> str:
    """The ARN of a role that is given or made here."""
    return role.arn if isinstance(role, ServiceRole) else role.role_arn


def view_of(role: iam.IRole | ServiceRole) -> iam.IRole:
    """The role that is given, or the view of one that is made here."""
    return role.view if isinstance(role, ServiceRole) else role


def resource_of(role: iam.IRole) -> iam.CfnRole | None:
    """The resource of a role that is defined in the app; none of one that is defined elsewhere."""
    resource = role.node.default_child if isinstance(role, iam.Role) else _RESOURCES.get(role)
    return resource if isinstance(resource, iam.CfnRole) else None
