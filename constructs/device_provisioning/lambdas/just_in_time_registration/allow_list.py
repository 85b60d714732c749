"""The record of a device, leased while it registers."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from ...records import record as items
from ...records.calls import past_transactions
from ...records.record import Condition, Item
from .reasons import Denied, Failed, Reason

LEASE_SECONDS = 45
"""Longer than the function may run: two runs for one device never meet."""
_NOT_COMPLETED = frozenset({"PENDING_ACTIVATION", "NOT_FOUND"})
_CHANGED = "ConditionalCheckFailedException"
_MOST_LEASES = 4

StatusOf = Callable[[str], str]
"""What AWS IoT says of a certificate; ``NOT_FOUND`` when it is gone."""


class AllowList:
    """The records of devices that may register.

    Args:
        client: A botocore client of DynamoDB.
        table_name: The table.
        status_of: Asks AWS IoT for the state of a certificate.
    """

    def __init__(self, client: Any, table_name: str, status_of: StatusOf) -> None:
        self._client = client
        self._table_name = table_name
        self._status_of = status_of

    def lease(self, name: str, certificate_id: str, now: int) -> None:
        """Note in the record which certificate registers now.

        Raises:
            Denied: If the record is not there, blocked, expired or used up by another certificate.
            Failed: If another run may still be about it.
        """
        found: Item | None = items.key(name)
        for _ in range(_MOST_LEASES):
            self._require_free(found, certificate_id, now)
            condition = items.may_register(now) & items.unchanged(found or {})
            found = self._written(name, _taken(certificate_id, now), condition)
            if found is _WRITTEN:
                return
        raise Failed(Reason.IN_PROGRESS)

    def release(self, name: str, certificate_id: str, now: int) -> None:
        """Let the next run begin at once, unless the lease of ``now`` is over and somebody else has one."""
        leased = Condition(
            f"{items.CERTIFICATE_ID} = :mine AND {items.RESERVED_AT} = :then",
            {":mine": {"S": certificate_id}, ":then": {"N": str(now)}},
        )
        self._written(name, Condition(f"SET {items.RESERVED_AT} = :never", {":never": {"N": "0"}}), leased)

    def _require_free(self, found: Item | None, certificate_id: str, now: int) -> None:
        record = _usable(found, now)
        holder = record.get(items.CERTIFICATE_ID)
        if holder is None:
            return
        if holder != certificate_id and self._status_of(str(holder)) not in _NOT_COMPLETED:
            raise Denied(Reason.OTHER_CERTIFICATE)
        leased_at = items.reserved_at(record)
        if leased_at is None or now - leased_at <= LEASE_SECONDS:
            raise Failed(Reason.IN_PROGRESS)

    def _written(self, name: str, update: Condition, condition: Condition) -> Any:
        """``_WRITTEN``, or what there is that the condition does not hold of."""
        try:
            past_transactions(
                lambda: self._client.update_item(
                    TableName=self._table_name,
                    Key=items.key(name),
                    UpdateExpression=update.text,
                    ConditionExpression=condition.text,
                    ExpressionAttributeValues={**update.values, **condition.values},
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _CHANGED:
                raise
            return error.response.get("Item")
        return _WRITTEN


_WRITTEN = object()


def _taken(certificate_id: str, now: int) -> Condition:
    return Condition(
        f"SET {items.CERTIFICATE_ID} = :mine, {items.RESERVED_AT} = :then REMOVE {items.CLAIMED_AT}",
        {":mine": {"S": certificate_id}, ":then": {"N": str(now)}},
    )


def _usable(found: Item | None, now: int) -> Mapping[str, Any]:
    if not found:
        raise Denied(Reason.NOT_LISTED)
    record = items.plain(found)
    if record.get(items.BLOCKED, False) is not False:
        raise Denied(Reason.BLOCKED)
    expires_at = record.get(items.EXPIRES_AT, now + 1)
    if type(expires_at) is not int or expires_at <= now:
        raise Denied(Reason.EXPIRED)
    return record
