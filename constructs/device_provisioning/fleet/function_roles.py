"""Documents of the roles that the library's own Lambda functions run with."""

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, Statement, allow, log_statement, policy_document, service_trust
from ..records.record import CERTIFICATE_KEY, DECLARED, SERIAL_NUMBER


def function_trust(environment: Environment) -> Document:
    """Trust AWS Lambda to run a function of this account."""
    return service_trust("lambda.amazonaws.com", environment)


def pre_provisioning_hook_policy(
    table_arn: str, log_group_name: str, environment: Environment, encryption_key_arn: str | None = None
) -> Document:
    """Allow the hook to reserve a record of the allow list and to ask for the state of a certificate.

    Args:
        table_arn: The table of the allow list.
        log_group_name: The hook's own log group.
        environment: Where the certificates live.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    return policy_document(
        [
            allow("Reservation", ["dynamodb:UpdateItem"], [table_arn]),
            binding_statement(table_arn),
            allow("CertificateStates", ["iot:DescribeCertificate"], [environment.iot_arn("cert/*")]),
            table_key_statement(encryption_key_arn),
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
            table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def register_devices_policy(table_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow devices to be listed, changed and blocked, but never what the hook wrote of them to be reset.

    The tag of the table can be read that says what serial numbers look like. An item can only be updated,
    and only in the attributes that a list declares:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html

    Args:
        table_arn: The table of the allow list.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    declared = [*DECLARED, SERIAL_NUMBER]
    condition = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": declared},
        "StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW", "UPDATED_OLD"]},
    }
    return policy_document(
        [
            allow("RegisterDevices", ["dynamodb:UpdateItem"], [table_arn], condition),
            allow(
                "SerialNumberPattern", ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"], [table_arn]
            ),
            table_key_statement(encryption_key_arn),
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
            allow("Authority", ["iot:DescribeCACertificate", "iot:UpdateCACertificate"], [certificate_arn]),
            allow("ProvisioningRole", ["iam:PassRole"], [role_arn], to_aws_iot),
            log_statement(environment, log_group_name),
        ]
    )


def _revocation_statement() -> Statement | None:
    # The authorization reference has not always had a resource type for the things of a certificate.
    actions = ["iot:DetachThingPrincipal", "iot:ListPrincipalThings"]
    return allow("WithoutResourceLevel", actions, ["*"])


def binding_statement(table_arn: str) -> Statement | None:
    """Allow the items of certificates to be written, and no record of a device.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    of_certificates = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{CERTIFICATE_KEY}*"]}}
    return allow("Binding", ["dynamodb:PutItem"], [table_arn], of_certificates)


def table_key_statement(encryption_key_arn: str | None) -> Statement | None:
    """Allow a function to use the customer key of a table, if there is one."""
    actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"]
    return allow("TableKey", actions, [encryption_key_arn]) if encryption_key_arn else None
