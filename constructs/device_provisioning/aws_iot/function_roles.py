"""Documents of the roles that the library's own Lambda functions run with."""

from .environment import Environment
from .statements import Document, Statement, allow, policy_document, service_trust


def function_trust(environment: Environment) -> Document:
    """Trust AWS Lambda to run a function of this account."""
    return service_trust("lambda.amazonaws.com", environment)


def pre_provisioning_hook_policy(
    table_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the hook to claim a record of the allow list and to ask for the state of a certificate.

    Args:
        table_arn: The table of the allow list.
        log_group_name: The hook's own log group.
        environment: Where the certificates live.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    return policy_document(
        [
            allow("ClaimRecord", ["dynamodb:UpdateItem"], [table_arn]),
            allow("EarlierCertificate", ["iot:DescribeCertificate"], [environment.iot_arn("cert/*")]),
            _table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def listed_devices_policy(
    table_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the function behind ``add_devices`` to write and delete records of one table."""
    return policy_document(
        [
            allow("Records", ["dynamodb:DeleteItem", "dynamodb:UpdateItem"], [table_arn]),
            _table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def register_devices_policy(table_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow devices to be listed, changed and blocked, but never what the hook wrote of them to be reset.

    An item can only be updated, and only in the attributes that a list declares:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html

    Args:
        table_arn: The table of the allow list.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    declared = ["blocked", "expires_at", "parameter_overrides", "serial_number"]
    condition = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": declared},
        "StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW", "UPDATED_OLD"]},
    }
    return policy_document(
        [
            allow("RegisterDevices", ["dynamodb:UpdateItem"], [table_arn], condition),
            _table_key_statement(encryption_key_arn),
        ]
    )


def claim_certificate_policy(
    secret_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the function behind a claim certificate to make it, to store its key in one secret, to delete it.

    ``CreateKeysAndCertificate`` has no resource-level control:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
    """
    certificate_actions = [
        "iot:DeleteCertificate",
        "iot:DescribeCertificate",
        "iot:DetachPolicy",
        "iot:DetachThingPrincipal",
        "iot:UpdateCertificate",
    ]
    secret_actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return policy_document(
        [
            allow("NewCertificate", ["iot:CreateKeysAndCertificate"], ["*"]),
            allow("Certificate", certificate_actions, [environment.iot_arn("cert/*")]),
            _revocation_statement(),
            allow("Secret", secret_actions, [secret_arn]),
            allow("SecretKey", key_actions, [encryption_key_arn]) if encryption_key_arn else None,
            log_statement(environment, log_group_name),
        ]
    )


def claim_rotation_policy(
    secret_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the function that rotates a claim certificate to make one, to try it, to delete the old."""
    certificate_actions = [
        "iot:AttachPolicy",
        "iot:DeleteCertificate",
        "iot:DetachPolicy",
        "iot:DetachThingPrincipal",
        "iot:UpdateCertificate",
    ]
    secret_actions = [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
    ]
    key_actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    return policy_document(
        [
            allow("NewCertificate", ["iot:CreateKeysAndCertificate"], ["*"]),
            allow("Endpoint", ["iot:DescribeEndpoint"], ["*"]),
            allow("Certificate", certificate_actions, [environment.iot_arn("cert/*")]),
            _revocation_statement(),
            allow("Secret", secret_actions, [secret_arn]),
            allow("SecretKey", key_actions, [encryption_key_arn]) if encryption_key_arn else None,
            log_statement(environment, log_group_name),
        ]
    )


def provisioned_certificates_policy(
    policy_arn: str, log_group_name: str, environment: Environment
) -> Document:
    """Allow the function that revokes the certificates of one device policy to find and to delete them."""
    actions = [
        "iot:DeleteCertificate",
        "iot:DetachPolicy",
        "iot:DetachThingPrincipal",
        "iot:UpdateCertificate",
    ]
    return policy_document(
        [
            allow("Holders", ["iot:ListTargetsForPolicy"], [policy_arn]),
            allow("Certificates", actions, [environment.iot_arn("cert/*")]),
            _revocation_statement(),
            log_statement(environment, log_group_name),
        ]
    )


def declared_template_policy(
    template_arn: str, role_arn: str, log_group_name: str, environment: Environment
) -> Document:
    """Allow the function that keeps a template in its declared state to change that template.

    The authorisation reference lists ``iam:PassRole`` as a dependent action of every update:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html

    Args:
        template_arn: The template.
        role_arn: The role that it has already.
        log_group_name: The function's own log group.
        environment: Where the log group is.
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
            log_statement(environment, log_group_name),
        ]
    )


def authority_template_policy(
    certificate_arn: str, role_arn: str, log_group_name: str, environment: Environment
) -> Document:
    """Allow the function that gives a CA its template body to change that CA.

    Args:
        certificate_arn: The ARN of the CA's certificate.
        role_arn: The role that the body is applied with.
        log_group_name: The function's own log group.
        environment: Where the log group is.
    """
    to_aws_iot = {"StringEquals": {"iam:PassedToService": "iot.amazonaws.com"}}
    return policy_document(
        [
            allow("Authority", ["iot:UpdateCACertificate"], [certificate_arn]),
            allow("ProvisioningRole", ["iam:PassRole"], [role_arn], to_aws_iot),
            log_statement(environment, log_group_name),
        ]
    )


def _revocation_statement() -> Statement | None:
    # ListAttachedPolicies has no resource-level control, and the emulator has none for the other.
    actions = ["iot:ListAttachedPolicies", "iot:ListPrincipalThings"]
    return allow("WithoutResourceLevel", actions, ["*"])


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


def _table_key_statement(encryption_key_arn: str | None) -> Statement | None:
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"]
    return allow("TableKey", actions, [encryption_key_arn]) if encryption_key_arn else None


def log_statement(environment: Environment, log_group_name: str) -> Statement | None:
    """Allow a function to write its own log group."""
    streams = environment.log_streams_arn(log_group_name)
    return allow("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams])
