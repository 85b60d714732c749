"""A role of the core's documents."""

import pulumi
import pulumi_aws as aws


def service_role(
    name: str,
    *,
    parent: pulumi.Resource,
    trust: pulumi.Output[str],
    policy: pulumi.Output[str],
    description: pulumi.Input[str],
    max_session_duration: int | None = None,
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Define a role that one service may assume, and its policy, which whatever uses the role waits for."""
    options = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name,
        assume_role_policy=trust,
        description=description,
        max_session_duration=max_session_duration,
        opts=options,
    )
    permissions = aws.iam.RolePolicy(f"{name}-permissions", role=role.name, policy=policy, opts=options)
    return role, permissions
