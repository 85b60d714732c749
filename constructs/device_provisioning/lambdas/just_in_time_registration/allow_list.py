"""The record of a device, leased while it registers."""

from typing import Any

from botocore.exceptions import ClientError

from .reasons import Denied, Failed, Reason

LEASE_SECONDS = 45
"""Longer than the function may run: two runs for one certificate never meet."""

_MAY_REGISTER = (
    "attribute_exists(serial_number)"
    " AND (attribute_not_exists(blocked) OR blocked = :no)"
    " AND (attribute_not_exists(expires_at) OR expires_at > :now)"
    " AND (attribute_not_exists(certificate_id)"
    " OR (certificate_id = :certificate AND claimed_at < :free))"
)


def lease(dynamodb: Any, table_name: str, name: str, certificate_id: str, now: int) -> None:
    """Note in the record which certificate registers now.

    Raises:
        Denied: If the record is not there, blocked, expired or another certificate's.
        Failed: If another run is about it.
    """
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"serial_number": {"S": name}},
            UpdateExpression="SET certificate_id = :certificate, claimed_at = :now",
            ConditionExpression=_MAY_REGISTER,
            ExpressionAttributeValues={
                ":certificate": {"S": certificate_id},
                ":now": {"N": str(now)},
                ":free": {"N": str(now - LEASE_SECONDS)},
                ":no": {"BOOL": False},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        _tell(error.response.get("Item"), certificate_id, now)


def release(dynamodb: Any, table_name: str, name: str, certificate_id: str) -> None:
    """Let the same certificate try again at once."""
    dynamodb.update_item(
        TableName=table_name,
        Key={"serial_number": {"S": name}},
        UpdateExpression="SET claimed_at = :never",
        ConditionExpression="certificate_id = :certificate",
        ExpressionAttributeValues={":certificate": {"S": certificate_id}, ":never": {"N": "0"}},
    )


def _tell(record: Any, certificate_id: str, now: int) -> None:
    if not isinstance(record, dict):
        raise Denied(Reason.NOT_LISTED)
    if record.get("blocked", {"BOOL": False}) != {"BOOL": False}:
        raise Denied(Reason.BLOCKED)
    if "expires_at" in record and not _later(record["expires_at"], now):
        raise Denied(Reason.EXPIRED)
    if record.get("certificate_id") != {"S": certificate_id}:
        raise Denied(Reason.OTHER_CERTIFICATE)
    raise Failed(Reason.IN_PROGRESS)


def _later(value: dict[str, str], now: int) -> bool:
    return value.get("N", "").isdigit() and int(value["N"]) > now
