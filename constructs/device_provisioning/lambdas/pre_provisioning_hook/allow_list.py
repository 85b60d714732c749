"""The reservation of a serial number for a certificate: one transaction."""

from typing import Any

from ...records import record as items
from ...records.record import Condition
from ...records.transaction import HOLDS, Changed, Transaction
from .decision import Found, Request, Reservation


class AllowList:
    """The records of devices that may register.

    Args:
        client: A botocore client of DynamoDB.
        table_name: The table.
    """

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def reserving(self, request: Request, found: Found, reservation: Reservation) -> Transaction:
        """Bind the certificate to the serial number and take the record: both, if both are as found."""
        transaction = Transaction(self._client, self._table_name)
        binding = items.binding(request.certificate_id, request.serial_number, reservation.reserved_at)
        transaction.put(binding, _bound(request, found))
        transaction.update(
            items.key(request.serial_number),
            _taking(request, reservation),
            items.may_register(reservation.reserved_at) & items.unchanged(found.record or {}),
        )
        return transaction


def found_instead(found: Found, outcome: Changed) -> Found:
    """What there is, after a transaction that expected something else."""
    bound, record = outcome.found
    return Found(found.record if record is HOLDS else record, found.binding if bound is HOLDS else bound)


def _bound(request: Request, found: Found) -> Condition:
    if found.binding is None:
        return Condition(f"attribute_not_exists({items.SERIAL_NUMBER})")
    return Condition(f"{items.BOUND_TO} = :serial_number", {":serial_number": {"S": request.serial_number}})


def _taking(request: Request, reservation: Reservation) -> Condition:
    values = {
        items.CERTIFICATE_ID: request.certificate_id,
        items.RESERVED_AT: reservation.reserved_at,
        **({items.REPROVISIONED: reservation.reprovisioned} if reservation.reprovisioned else {}),
    }
    text = "SET " + ", ".join(f"{name} = :{name}" for name in values) + f" REMOVE {items.CLAIMED_AT}"
    return Condition(text, {f":{name}": items.typed(value) for name, value in values.items()})
