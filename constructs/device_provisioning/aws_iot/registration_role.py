"""Documents of the roles of just-in-time registration."""

from collections.abc import Iterator

from .environment import Environment
from .statements import Document, Statement, allow, policy_document, thing_principals


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
    dead_letter_queue_key_arn: str | None = None,
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
        dead_letter_queue_key_arn: The customer key of the queue, if it has one.
    """
    things = environment.iot_arn(f"thing/{thing_name_prefix}*")
    certificates = environment.iot_arn("cert/*")
    principal_actions = ["iot:AttachThingPrincipal", "iot:DetachThingPrincipal"]
    thing_actions = ["iot:CreateThing", "iot:DeleteThing", "iot:DescribeThing"]
    certificate_actions = [
        "iot:AttachPolicy",
        "iot:DescribeCertificate",
        "iot:DetachPolicy",
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
            allow("Certificates", certificate_actions, [certificates]),
            thing_principals(environment, principal_actions, [f"{thing_name_prefix}*"]),
            allow("Reservation", ["dynamodb:UpdateItem"], [table_arn]),
            allow("TableKey", key_actions, [table_key_arn] if table_key_arn else []),
            allow("RevocationList", ["s3:GetObject"], [revocation_list_arn] if revocation_list_arn else []),
            allow(
                "RevocationListKey",
                ["kms:Decrypt"],
                [revocation_list_key_arn] if revocation_list_key_arn else [],
            ),
            *_sending(dead_letter_queue_arn, dead_letter_queue_key_arn),
            allow("Logs", logs, [environment.log_streams_arn(log_group_name)]),
        ]
    )


def undelivered_events_policy(
    dead_letter_queue_arn: str, dead_letter_queue_key_arn: str | None = None
) -> Document:
    """Allow a topic rule to put events aside that it can't deliver.

    Args:
        dead_letter_queue_arn: The queue.
        dead_letter_queue_key_arn: Its customer key, if it has one.
    """
    return policy_document([*_sending(dead_letter_queue_arn, dead_letter_queue_key_arn)])


def _sending(queue_arn: str, key_arn: str | None) -> Iterator[Statement | None]:
    """Allow messages to be put into a queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    yield allow("DeadLetterQueue", ["sqs:SendMessage"], [queue_arn])
    yield allow("DeadLetterQueueKey", ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn] if key_arn else [])
