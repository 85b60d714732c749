"""What the caretaker of a stack may do for each custom resource, and no more."""

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, allow, policy_document
from .function_roles import revocation_statement, table_key_statement


def listed_devices_policy(table_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow the devices of ``add_devices`` to be written to one table and deleted from it."""
    return policy_document(
        [
            allow("Records", ["dynamodb:DeleteItem", "dynamodb:UpdateItem"], [table_arn]),
            table_key_statement(encryption_key_arn),
        ]
    )


def claim_certificate_policy(
    secret_arn: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow a claim certificate to be made, its key to be stored in one secret, both to be deleted.

    ``CreateKeysAndCertificate`` has no resource-level control:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
    """
    certificate_actions = [
        "iot:DeleteCertificate",
        "iot:DescribeCertificate",
        "iot:UpdateCertificate",
    ]
    secret_actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return policy_document(
        [
            allow("NewCertificate", ["iot:CreateKeysAndCertificate"], ["*"]),
            allow("Certificate", certificate_actions, [environment.iot_arn("cert/*")]),
            revocation_statement(),
            allow("Secret", secret_actions, [secret_arn]),
            allow("SecretKey", key_actions, [encryption_key_arn]) if encryption_key_arn else None,
        ]
    )


def provisioned_certificates_policy(policy_arn: str, environment: Environment) -> Document:
    """Allow the certificates of one device policy to be found and deleted."""
    actions = [
        "iot:DeleteCertificate",
        "iot:UpdateCertificate",
    ]
    return policy_document(
        [
            allow("Holders", ["iot:ListTargetsForPolicy"], [policy_arn]),
            allow("Certificates", actions, [environment.iot_arn("cert/*")]),
            revocation_statement(),
        ]
    )


def declared_template_policy(template_arn: str, role_arn: str) -> Document:
    """Allow a template to be kept in its declared state.

    The authorisation reference lists ``iam:PassRole`` as a dependent action of every update:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html

    Args:
        template_arn: The template.
        role_arn: The role that it has already.
    """
    actions = [
        "iot:CreateProvisioningTemplateVersion",
        "iot:DeleteProvisioningTemplateVersion",
        "iot:DescribeProvisioningTemplate",
        "iot:DescribeProvisioningTemplateVersion",
        "iot:ListProvisioningTemplateVersions",
        "iot:UpdateProvisioningTemplate",
    ]
    to_aws_iot = {"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}}
    return policy_document(
        [
            allow("Template", actions, [template_arn]),
            allow("ProvisioningRole", ["iam:PassRole"], [role_arn], to_aws_iot),
        ]
    )


def authority_template_policy(certificate_arn: str, role_arn: str) -> Document:
    """Allow a CA to be given its template body.

    Args:
        certificate_arn: The ARN of the CA's certificate.
        role_arn: The role that the body is applied with.
    """
    to_aws_iot = {"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}}
    return policy_document(
        [
            allow("Authority", ["iot:DescribeCACertificate", "iot:UpdateCACertificate"], [certificate_arn]),
            allow("ProvisioningRole", ["iam:PassRole"], [role_arn], to_aws_iot),
        ]
    )


def group_policy_policy(thing_group_arn: str) -> Document:
    """Allow policies to be attached to one thing group and detached from it.

    Args:
        thing_group_arn: The group.
    """
    return policy_document(
        [allow("GroupPolicy", ["iot:AttachPolicy", "iot:DetachPolicy"], [thing_group_arn])]
    )
