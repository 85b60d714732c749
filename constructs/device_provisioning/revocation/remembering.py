"""The records of revoked devices: what they remember, written under the condition that nobody else did."""

from collections.abc import Mapping
from typing import Any

from ..allow_list.table import AllowListTable
from ..records.record import BLOCKED, LISTED, REVOCATION, SERIAL_NUMBER, Condition, plain, typed
from .memory import Revocation
from .problem import DeviceError

OVERTAKEN = "its record was changed by somebody else meanwhile: run the command again"
Record = Mapping[str, Any]


def is_blocked(record: Record) -> bool:
    """Whether a record keeps its device from registering."""
    return record.get(BLOCKED, False) is not False


class Records:
    """Records of an allow list.

    Args:
        table: The list.
    """

    def __init__(self, table: AllowListTable) -> None:
        self._table = table

    def read(self, serial_number: str) -> Record | None:
        """The record of a device, without DynamoDB's types; ``None`` if it is not on the list."""
        found = self._table.record(serial_number)
        return plain(found) if found else None

    def remember(self, record: Record, memory: Revocation) -> Record:
        """Block a device and remember what it has; its record as it is then.

        Raises:
            DeviceError: If the record has changed since it was read.
        """
        values = {":yes": {"BOOL": True}, ":memory": {"S": memory.text}}
        change = Condition(f"SET {BLOCKED} = :yes, {REVOCATION} = :memory", values)
        self._change(record, change)
        return {**record, BLOCKED: True, REVOCATION: memory.text}

    def forget(self, record: Record, memory: Revocation) -> None:
        """Let a device register again, unless it was blocked before, and forget that it was revoked.

        Raises:
            DeviceError: If the record has changed since it was read.
        """
        values = {":blocked": {"BOOL": memory.blocked}}
        self._change(record, Condition(f"SET {BLOCKED} = :blocked REMOVE {REVOCATION}", values))

    def _change(self, record: Record, change: Condition) -> None:
        is_as_read = LISTED & _as_read(BLOCKED, record) & _as_read(REVOCATION, record)
        if not self._table.change(record[SERIAL_NUMBER], change, is_as_read):
            raise DeviceError(OVERTAKEN)


def _as_read(name: str, record: Record) -> Condition:
    if name not in record:
        return Condition(f"attribute_not_exists({name})")
    return Condition(f"{name} = :read_{name}", {f":read_{name}": typed(record[name])})
