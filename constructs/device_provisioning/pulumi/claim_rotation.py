"""The rotation of a claim certificate by Secrets Manager."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ..fleet.functions import CLAIM_ROTATION
from .environment import environment_of
from .library_function import LibraryFunction


def rotate_claim(
    name: str,
    *,
    secret: aws.secretsmanager.Secret,
    encryption_key: aws.kms.Key | None,
    policy_name: pulumi.Output[str],
    client_id_patterns: pulumi.Output[list[str]],
    thing_name_patterns: pulumi.Input[list[pulumi.Input[str]]],
    automatically_after_days: int,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.secretsmanager.SecretRotation:
    """Define the rotation, its function, and the permission that lets it be invoked for one secret.

    Args:
        name: What the names of the resources begin with.
        secret: The secret that holds the claim.
        encryption_key: The customer key of the secret, if it has one.
        policy_name: The policy of the claim.
        client_id_patterns: The client ids of claims.
        thing_name_patterns: Names of things, which claims can't connect with.
        automatically_after_days: How many days a claim lives.
        after: The first claim and the attachment of its policy: Secrets Manager lets the function connect
            with it at once.
        parent: The component above.
    """
    variables = pulumi.Output.all(policy_name, client_id_patterns, thing_name_patterns).apply(
        lambda known: CLAIM_ROTATION.variables(*known)
    )
    function = LibraryFunction(
        f"{name}-rotation",
        CLAIM_ROTATION,
        rights={
            "secret_arn": secret.arn,
            "encryption_key_arn": encryption_key.arn if encryption_key else None,
        },
        environment=variables,
        opts=pulumi.ResourceOptions(parent=parent),
    ).function
    permission = aws.lambda_.Permission(
        f"{name}-rotation-permission",
        action="lambda:InvokeFunction",
        function=function.arn,
        principal="secretsmanager.amazonaws.com",
        source_account=environment_of(parent).apply(lambda known: known.account),
        source_arn=secret.arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return aws.secretsmanager.SecretRotation(
        f"{name}-rotation",
        secret_id=secret.arn,
        rotation_lambda_arn=function.arn,
        rotate_immediately=False,
        rotation_rules={"automatically_after_days": automatically_after_days},
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permission, *after]),
    )
