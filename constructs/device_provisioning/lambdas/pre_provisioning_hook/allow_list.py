"""Conditional writes to the records of the allow list."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from .decision import Move, Request

Record = dict[str, Any]

# A record that holds something else than it should is no record that lets a device through.
_MAY_REGISTER = (
    "attribute_exists(serial_number)"
    " AND (attribute_not_exists(blocked) OR blocked = :no)"
    " AND (attribute_not_exists(expires_at) OR expires_at > :now)"
    " AND (attribute_not_exists(parameter_overrides) OR attribute_type(parameter_overrides, :map))"
)


class NotClaimed(Exception):  # noqa: N818  # an outcome, not an error
    """The record does not let the device through as it is; ``record`` is what it holds."""

    def __init__(self, record: Record | None) -> None:
        super().__init__()
        self.record = record


class AllowList:
    """The records of devices that may register.

    Args:
        client: A botocore client of DynamoDB.
        table_name: The table.
    """

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def claim(self, request: Request, now: int) -> Record:
        """Claim a record that is free, or that this very certificate holds: one call.

        Raises:
            NotClaimed: If the record is not there, blocked, expired or held by another certificate.
        """
        free = "(attribute_not_exists(certificate_id) OR certificate_id = :certificate)"
        condition = f"{_MAY_REGISTER} AND {free}"
        return self._update(request, now, condition, {})

    def move(self, request: Request, move: Move, now: int) -> Record:
        """Take the claim from the certificate that held it, unless somebody else was faster.

        Raises:
            NotClaimed: If the record changed since it was read.
        """
        condition = f"{_MAY_REGISTER} AND certificate_id = :earlier"
        values = {":earlier": {"S": move.earlier_certificate_id}}
        return self._update(request, now, condition, values, counts=move.counts)

    def _update(
        self, request: Request, now: int, condition: str, values: Mapping[str, Any], counts: bool = False
    ) -> Record:
        update = "SET certificate_id = :certificate, claimed_at = :now"
        if counts:
            update += " ADD reprovisioned :one"
        try:
            answer = self._client.update_item(
                TableName=self._table_name,
                Key={"serial_number": {"S": request.serial_number}},
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues={
                    ":certificate": {"S": request.certificate_id},
                    ":now": {"N": str(now)},
                    ":no": {"BOOL": False},
                    ":map": {"S": "M"},
                    **({":one": {"N": "1"}} if counts else {}),
                    **values,
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            item = error.response.get("Item")
            raise NotClaimed(plain(item) if isinstance(item, dict) else None) from None
        return plain(answer["Attributes"])


def plain(item: Mapping[str, Mapping[str, Any]]) -> Record:
    """A record without DynamoDB's types; what no record should hold stays as it is."""
    return {name: _plain(value) for name, value in item.items()}


def _plain(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    if kind == "N" and value.lstrip("-").isdigit():
        return int(value)
    return plain(value) if kind == "M" else value
