"""Documents of the roles that the library's own Lambda functions run with."""

from collections.abc import Iterable

from ..aws_iot.environment import Environment
from ..aws_iot.statements import Document, Statement, allow, log_statement, policy_document, service_trust
from ..records.batch import BATCH_KEY, DECLARED_OF_BATCH
from ..records.record import CERTIFICATE_KEY, DECLARED, SERIAL_NUMBER
from .attestation import attestation_statements


def function_trust(environment: Environment) -> Document:
    """Trust AWS Lambda to run a function of this account."""
    return service_trust("lambda.amazonaws.com", environment)


def pre_provisioning_hook_policy(
    table_arn: str,
    log_group_name: str,
    environment: Environment,
    encryption_key_arn: str | None = None,
    derived_key_arns: Iterable[str] = (),
    signing_key_arns: Iterable[str] = (),
) -> Document:
    """Allow the hook to reserve a record of the allow list and to ask for the state of a certificate.

    Of the table it can read the records of batches only.

    Args:
        table_arn: The table of the allow list.
        log_group_name: The hook's own log group.
        environment: Where the certificates live.
        encryption_key_arn: The customer key of the table, if it has one.
        derived_key_arns: HMAC keys that the keys of devices are derived from; none by default.
        signing_key_arns: Keys that sign those of devices; none by default.
    """
    of_batches = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{BATCH_KEY}*"]}}
    return policy_document(
        [
            allow("Reservation", ["dynamodb:UpdateItem"], [table_arn]),
            binding_statement(table_arn),
            allow("Batches", ["dynamodb:ConditionCheckItem", "dynamodb:GetItem"], [table_arn], of_batches),
            *attestation_statements(derived_key_arns, signing_key_arns),
            allow("CertificateStates", ["iot:DescribeCertificate"], [environment.iot_arn("cert/*")]),
            table_key_statement(encryption_key_arn),
            log_statement(environment, log_group_name),
        ]
    )


def register_devices_policy(table_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow devices to be listed, changed and blocked, but never what the hook wrote of them to be reset.

    The tag of the table can be read that says what serial numbers look like. An item can only be updated,
    and only in the attributes that a list declares; those whose key begins with a space are batches and
    certificates:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html

    Args:
        table_arn: The table of the allow list.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    declared = [*DECLARED, SERIAL_NUMBER]
    condition = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": declared},
        "ForAllValues:StringNotLike": {"dynamodb:LeadingKeys": [" *"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
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


def manage_batches_policy(table_arn: str, encryption_key_arn: str | None = None) -> Document:
    """Allow batches to be read, opened, changed and closed, but neither deleted nor counted anew.

    Records of devices can't be touched. ``ForAllValues`` is true of a request without keys, which is refused:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

    Args:
        table_arn: The table of the allow list.
        encryption_key_arn: The customer key of the table, if it has one.
    """
    of_batches = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{BATCH_KEY}*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    declared = {
        **of_batches,
        "ForAllValues:StringEquals": {"dynamodb:Attributes": [*DECLARED_OF_BATCH, SERIAL_NUMBER]},
        "StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW", "UPDATED_OLD"]},
    }
    return policy_document(
        [
            allow("ReadBatches", ["dynamodb:GetItem"], [table_arn], of_batches),
            allow("ManageBatches", ["dynamodb:UpdateItem"], [table_arn], declared),
            table_key_statement(encryption_key_arn),
        ]
    )


def caretaker_trust(caretaker_role_arn: str) -> Document:
    """Trust the caretaker of a stack to act for one component: to name its role is all that IAM asks for.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

    Args:
        caretaker_role_arn: The role that the caretaker runs with.
    """
    principal = {"AWS": caretaker_role_arn}
    return policy_document([{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}])


def caretaker_policy(log_group_name: str, environment: Environment) -> Document:
    """Allow the caretaker of a stack to write its log: for a component it acts with that one's role."""
    return policy_document([log_statement(environment, log_group_name)])


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
            revocation_statement(),
            allow("Secret", secret_actions, [secret_arn]),
            allow("SecretKey", key_actions, [encryption_key_arn]) if encryption_key_arn else None,
            log_statement(environment, log_group_name),
        ]
    )


def revocation_statement() -> Statement | None:
    """Allow certificates to be taken from their things.

    The authorization reference has not always had a resource type for the things of a certificate.
    """
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
