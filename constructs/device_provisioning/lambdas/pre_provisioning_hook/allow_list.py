"""The reservation of a serial number for a certificate: one transaction."""

from typing import Any

from ...records import record as items
from ...records.batch import ONE_MORE, as_it_was, batch_key, has_a_place
from ...records.record import Condition, Item
from ...records.transaction import HOLDS, Changed, Transaction
from .decision import Found, Reservation
from .request import Request


class AllowList:
    """The records of devices that may register.

    Args:
        client: A botocore client of DynamoDB.
        table_name: The table.
    """

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def batch(self, name: str) -> Item | None:
        """The record of a batch, as it is now."""
        answer = self._client.get_item(TableName=self._table_name, Key=batch_key(name), ConsistentRead=True)
        record: Item | None = answer.get("Item")
        return record

    def reserving(self, request: Request, found: Found, reservation: Reservation) -> Transaction:
        """Bind the certificate to the serial number and take the record: both, if both are as found.

        A device of a batch takes a place of it as well, or needs the batch to be open as it was found.
        """
        transaction = Transaction(self._client, self._table_name)
        binding = items.binding(request.certificate_id, request.serial_number, reservation.reserved_at)
        transaction.put(binding, _bound(request, found))
        transaction.update(
            items.key(request.serial_number),
            _taking(request, reservation),
            _as_found(found.record, reservation.reserved_at),
        )
        if reservation.batch_name and found.batch:
            key = batch_key(reservation.batch_name)
            if reservation.takes_a_place:
                transaction.update(key, ONE_MORE, has_a_place(found.batch))
            else:
                transaction.check(key, as_it_was(found.batch))
        return transaction


def found_instead(found: Found, outcome: Changed) -> Found:
    """What there is, after a transaction that expected something else."""
    binding, record, *batches = outcome.found
    batch: Any = batches[0] if batches else HOLDS
    return Found(
        record=found.record if record is HOLDS else record,
        binding=found.binding if binding is HOLDS else binding,
        batch=found.batch if batch is HOLDS else batch,
    )


def _as_found(record: Item | None, now: int) -> Condition:
    return items.UNLISTED if record is None else items.may_register(now) & items.unchanged(record)


def _bound(request: Request, found: Found) -> Condition:
    if found.binding is None:
        return items.UNLISTED
    return Condition(f"{items.BOUND_TO} = :serial_number", {":serial_number": {"S": request.serial_number}})


def _taking(request: Request, reservation: Reservation) -> Condition:
    values = {
        items.CERTIFICATE_ID: request.certificate_id,
        items.RESERVED_AT: reservation.reserved_at,
        **({items.REPROVISIONED: reservation.reprovisioned} if reservation.reprovisioned else {}),
        **({items.BATCH_NAME: reservation.batch_name} if reservation.batch_name else {}),
    }
    text = "SET " + ", ".join(f"{name} = :{name}" for name in values) + f" REMOVE {items.CLAIMED_AT}"
    return Condition(text, {f":{name}": items.typed(value) for name, value in values.items()})
