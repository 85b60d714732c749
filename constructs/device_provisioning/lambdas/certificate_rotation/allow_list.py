"""The record of a device that replaces its certificate."""

from typing import Any

from botocore.exceptions import ClientError

from ...records import record as items
from ...records.calls import Calls, past_transactions
from ...records.record import LISTED, NOT_BLOCKED, Condition
from ...records.transaction import HOLDS, Changed, Transaction
from .reasons import Denied, Reason

_IN_USE = frozenset({"PENDING_ACTIVATION", "ACTIVE"})
_GONE = "ResourceNotFoundException"
_CHANGED = "ConditionalCheckFailedException"
_MOST_TRIES = 4


class AllowList:
    """The list that devices registered by.

    Args:
        dynamodb: A botocore client of DynamoDB.
        table_name: The table.
        iot: A botocore client of AWS IoT.
    """

    def __init__(self, dynamodb: Any, table_name: str, iot: Any) -> None:
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._iot = iot

    def bind(self, serial_number: str, certificate_id: str, now: int, calls: Calls) -> None:
        """Bind a new certificate to a serial number whose record lets it replace the old one.

        Args:
            serial_number: The serial number.
            certificate_id: The new certificate.
            now: The time in seconds since 1970.
            calls: Makes the calls while there is time.

        Raises:
            Denied: If the record is missing or blocked, the certificate is bound to another serial number, or
                was let through before and taken out of use since.
            NoTime: If there is no time left.
        """
        new = Condition(f"attribute_not_exists({items.SERIAL_NUMBER})")
        again = Condition(f"{items.BOUND_TO} = :serial_number", {":serial_number": {"S": serial_number}})
        # Who takes the device out of use sees by it that a certificate may become active yet.
        rotated = Condition(f"SET {items.ROTATED_AT} = :now", {":now": items.typed(now)})
        for unbound in (new, again):
            transaction = Transaction(self._dynamodb, self._table_name)
            transaction.put(items.binding(certificate_id, serial_number, now), unbound)
            transaction.update(items.key(serial_number), rotated, LISTED & NOT_BLOCKED)
            try:
                return calls.made(transaction.send)
            except Changed as outcome:
                _require_same(outcome, serial_number)
            status = calls.made(lambda: self._described(certificate_id, "status")) or "NOT_FOUND"
            if status not in _IN_USE:
                raise Denied(Reason.OUT_OF_USE, status=status)
        raise Denied(Reason.OVERTAKEN)

    def name(self, serial_number: str, certificate_id: str, made: Any) -> None:
        """Let a record name the certificate with which its device confirmed, unless it names a newer one.

        Args:
            serial_number: The serial number.
            certificate_id: The certificate.
            made: When it was made.

        Raises:
            RuntimeError: If others change the record all the time.
        """
        for _ in range(_MOST_TRIES):
            record = self._read(serial_number)
            if not record or self._is_named(record, certificate_id, made):
                return
            if self._written(record, certificate_id):
                return
        raise RuntimeError(f"the record of {serial_number} is being changed")

    def _read(self, serial_number: str) -> items.Item | None:
        key = items.key(serial_number)
        answer = self._dynamodb.get_item(TableName=self._table_name, Key=key, ConsistentRead=True)
        record: items.Item | None = answer.get("Item")
        return record

    def _is_named(self, record: items.Item, certificate_id: str, made: Any) -> bool:
        holder = items.plain(record).get(items.CERTIFICATE_ID)
        if holder is None or holder == certificate_id:
            return holder is not None
        held_since = self._described(str(holder), "creationDate")
        return held_since is not None and bool(held_since > made)

    def _written(self, record: items.Item, certificate_id: str) -> bool:
        unchanged = LISTED & items.unchanged(record)
        try:
            past_transactions(
                lambda: self._dynamodb.update_item(
                    TableName=self._table_name,
                    Key={items.SERIAL_NUMBER: record[items.SERIAL_NUMBER]},
                    UpdateExpression=f"SET {items.CERTIFICATE_ID} = :certificate",
                    ConditionExpression=unchanged.text,
                    ExpressionAttributeValues={**unchanged.values, ":certificate": {"S": certificate_id}},
                )
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _CHANGED:
                raise
            return False
        return True

    def _described(self, certificate_id: str, name: str) -> Any:
        try:
            described = self._iot.describe_certificate(certificateId=certificate_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != _GONE:
                raise
            return None
        return described["certificateDescription"][name]


def _require_same(outcome: Changed, serial_number: str) -> None:
    bound, record = outcome.found
    if record is not HOLDS:
        raise Denied(Reason.BLOCKED if record else Reason.NOT_LISTED)
    if bound and items.plain(bound).get(items.BOUND_TO) != serial_number:
        raise Denied(Reason.OTHER_SERIAL_NUMBER)
