"""The role of the function behind the resources of IoTDA."""

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, allow, log_statement, policy_document


def iotda_resources_policy(
    secret_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the function behind the resources of IoTDA to read the credentials in one secret."""
    return policy_document(
        [
            allow("Credentials", ["secretsmanager:GetSecretValue"], [secret_arn]),
            allow("SecretKey", ["kms:Decrypt"], [encryption_key_arn]) if encryption_key_arn else None,
            log_statement(environment, log_group_name),
        ]
    )
