"""A role of the core's documents."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from ..aws_iot.statements import Document
from .acknowledgements import Finding, acknowledge_wildcards
from .places import place_of

INLINE_REASONS = {
    Finding.INLINE_POLICY: "nobody else needs the policy: it lives and dies with its role",
}


def service_role(
    scope: Construct, construct_id: str, *, trust: Document, policy: Document, description: str
) -> iam.Role:
    """Define a role that one service may assume, with its policy inside: both come and go together."""
    statement = trust["Statement"][0]
    principal = iam.ServicePrincipal(statement["Principal"]["Service"], conditions=statement["Condition"])
    role = iam.Role(
        scope,
        construct_id,
        assumed_by=principal,
        inline_policies={"Permissions": iam.PolicyDocument.from_json(policy)},
        description=description,
    )
    acknowledge_wildcards(role, policy, place_of(scope).stack, INLINE_REASONS)
    return role
