"""Documents of the roles of just-in-time registration."""

from .environment import Environment
from .statements import Document, allow, policy_document


def registration_policy(
    environment: Environment,
    *,
    thing_name_prefix: str,
    table_arn: str,
    table_key_arn: str | None,
    dead_letter_queue_arn: str,
    log_group_name: str,
    revocation_list_arn: str | None = None,
    revocation_list_key_arn: str | None = None,
) -> Document:
    """Allow the function of just-in-time registration to judge certificates and to register things.

    Args:
        environment: Where the resources live.
        thing_name_prefix: What the names of things begin with.
        table_arn: The table of the allow list.
        table_key_arn: The customer key of the table, if it has one.
        dead_letter_queue_arn: Where events go that could not be handled.
        log_group_name: The function's own log group.
        revocation_list_arn: The S3 object of the revocation list, if there is one.
        revocation_list_key_arn: The customer key of its bucket, if it has one.
    """
    things = environment.iot_arn(f"thing/{thing_name_prefix}*")
    certificates = environment.iot_arn("cert/*")
    thing_actions = ["iot:CreateThing", "iot:DeleteThing", "iot:DescribeThing"]
    # The authorisation reference puts the thing's principals on the certificate, the emulator on the thing.
    certificate_actions = [
        "iot:AttachPolicy",
        "iot:AttachThingPrincipal",
        "iot:DescribeCertificate",
        "iot:DetachPolicy",
        "iot:DetachThingPrincipal",
        "iot:UpdateCertificate",
    ]
    key_actions = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
    ]
    logs = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return policy_document(
        [
            allow("Things", thing_actions, [things]),
            allow("Certificates", certificate_actions, [certificates, things]),
            allow("ClaimRecord", ["dynamodb:UpdateItem"], [table_arn]),
            allow("TableKey", key_actions, [table_key_arn] if table_key_arn else []),
            allow("RevocationList", ["s3:GetObject"], [revocation_list_arn] if revocation_list_arn else []),
            allow(
                "RevocationListKey",
                ["kms:Decrypt"],
                [revocation_list_key_arn] if revocation_list_key_arn else [],
            ),
            allow("DeadLetterQueue", ["sqs:SendMessage"], [dead_letter_queue_arn]),
            allow("Logs", logs, [environment.log_streams_arn(log_group_name)]),
        ]
    )


def undelivered_events_policy(dead_letter_queue_arn: str) -> Document:
    """Allow a topic rule to put events aside that it can't deliver."""
    return policy_document([allow("DeadLetterQueue", ["sqs:SendMessage"], [dead_letter_queue_arn])])
