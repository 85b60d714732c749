"""The rotation of a claim certificate by Secrets Manager."""

import pulumi
import pulumi_aws as aws

from ..aws_iot.claim_rotation import CLAIM_ROTATION, claim_rotation_environment
from ..aws_iot.environment import Environment
from ..aws_iot.function_roles import claim_rotation_policy
from .documents import document_json
from .environment import environment_of
from .library_function import LibraryFunction


def rotate_claim(
    name: str,
    *,
    secret: aws.secretsmanager.Secret,
    encryption_key: aws.kms.Key | None,
    policy_name: pulumi.Output[str],
    client_id_pattern: pulumi.Input[str],
    automatically_after_days: int,
    certificate: pulumi.Resource,
    parent: pulumi.Resource,
) -> aws.secretsmanager.SecretRotation:
    """Define the rotation, its function, and the permission that lets it be invoked for one secret.

    Args:
        name: What the names of the resources begin with.
        secret: The secret that holds the claim.
        encryption_key: The customer key of the secret, if it has one.
        policy_name: The policy of the claim.
        client_id_pattern: The client ids of claims.
        automatically_after_days: How many days a claim lives.
        certificate: The first claim, which the rotation waits for.
        parent: The component above.
    """

    def policy(
        log_group_name: pulumi.Output[str], environment: pulumi.Output[Environment]
    ) -> pulumi.Output[str]:
        return document_json(
            claim_rotation_policy,
            secret_arn=secret.arn,
            log_group_name=log_group_name,
            environment=environment,
            encryption_key_arn=encryption_key.arn if encryption_key else None,
        )

    variables = pulumi.Output.all(policy_name, client_id_pattern).apply(
        lambda known: claim_rotation_environment(*known)
    )
    function = LibraryFunction(
        f"{name}-rotation",
        handler=CLAIM_ROTATION.handler,
        policy=policy,
        description=CLAIM_ROTATION.description,
        timeout_seconds=CLAIM_ROTATION.timeout_seconds,
        environment=variables,
        memory_mib=CLAIM_ROTATION.memory_mib,
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
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permission, certificate]),
    )
