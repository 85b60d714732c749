"""The table of an allow list, asked and written."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..aws_iot import ListedDevice
from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import RefusedError
from ..records.record import (
    BATCH_NAME,
    BLOCKED,
    LISTED,
    SERIAL_NUMBER,
    Condition,
    is_device,
    is_serial_number,
    key,
    typed,
    update_of,
)
from ..records.refusals import BUSY

TRANSACTION = 100
"""Updates in one transaction
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""
LOOK_UP = 100
"""Keys in one look-up
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""
ATTEMPTS, ATTEMPTS_TO_WRITE = 10, 5
"""An import slows down on its own when a table is busy, and has to notice soon."""
SECONDS_TO_ANSWER = 20
_IS_THERE = "ConditionalCheckFailed"


class AllowListTable:
    """The records of an allow list.

    Args:
        name: The table.
        parallel: How many calls may be under way at once; one by default.
        import_id: Tells the transactions of one import from those of another; needed only to write.

    Raises:
        UnreadableError: If no Region is set.
    """

    def __init__(self, name: str, parallel: int = 1, import_id: str = "") -> None:
        self.name = name
        self._import_id = import_id
        self.kept = 0
        attempts = ATTEMPTS_TO_WRITE if import_id else ATTEMPTS
        # An import has a bar of its own.
        self._calls = AwsCalls(
            name, "dynamodb", settings=_settings(parallel, attempts), shows_waiting=not import_id
        )

    def write(self, devices: Sequence[ListedDevice]) -> bool:
        """Write what a file says of at most 100 devices, all or none; whether the table took them.

        What the hook wrote of a device stays. DynamoDB remembers the transactions of an import for ten
        minutes, so an answer that was lost does no harm.

        Raises:
            UnreadableError: If the table refuses for another reason than being busy.
        """
        updates = [{"Update": {"TableName": self.name, **_update(device)}} for device in devices]
        names = [device.serial_number for device in devices]
        token = str(uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([self._import_id, names])))
        try:
            self._calls.call("transact_write_items", TransactItems=updates, ClientRequestToken=token)
        except RefusedError as refused:
            if not _is_busy(refused):
                raise
            return False
        return True

    def restore(self, devices: Sequence[ListedDevice]) -> bool:
        """Write the whole records of at most 100 devices that are not on the list; whether it took them.

        A record that is there is newer than an export, and stays as it is.

        Raises:
            UnreadableError: If the table refuses for another reason than being busy.
        """
        missing = list(devices)
        while missing:
            try:
                self._calls.call("transact_write_items", TransactItems=list(map(self._new, missing)))
            except RefusedError as refused:
                if _is_busy(refused):
                    return False
                if _IS_THERE not in refused.reasons:
                    raise
                reasons = zip(missing, refused.reasons, strict=True)
                absent = [device for device, reason in reasons if reason != _IS_THERE]
                self.kept += len(missing) - len(absent)
                missing = absent
            else:
                break
        return True

    def _new(self, device: ListedDevice) -> dict[str, Any]:
        condition = f"attribute_not_exists({SERIAL_NUMBER})"
        put = {"TableName": self.name, "Item": item_of(device), "ConditionExpression": condition}
        return {"Put": put}

    def known(self, devices: Sequence[ListedDevice]) -> int:
        """How many of at most 100 devices are on the list."""
        wanted: Mapping[str, Any] = {
            self.name: {
                "Keys": [key(device.serial_number) for device in devices],
                "ProjectionExpression": "serial_number",
            }
        }
        found = 0
        while wanted:
            answer = self._calls.call("batch_get_item", RequestItems=wanted)
            found += len(answer["Responses"].get(self.name, []))
            wanted = answer.get("UnprocessedKeys", {})
        return found

    def record(self, serial_number: str) -> dict[str, Any] | None:
        """The record of a device as it is now, if it is on the list."""
        if not is_serial_number(serial_number):
            return None
        answer = self._calls.call(
            "get_item", TableName=self.name, Key=key(serial_number), ConsistentRead=True
        )
        return answer.get("Item")

    def records(self) -> Iterator[dict[str, Any]]:
        """Every record of a device."""
        return filter(is_device, self._calls.each("scan", "Items", TableName=self.name))

    def serial_numbers_of_batch(self, batch: str) -> list[str]:
        """The devices whose records name a batch."""
        found = self._calls.each(
            "scan",
            "Items",
            TableName=self.name,
            FilterExpression=f"{BATCH_NAME} = :batch",
            ExpressionAttributeValues={":batch": {"S": batch}},
            ProjectionExpression=SERIAL_NUMBER,
        )
        return [item[SERIAL_NUMBER]["S"] for item in found if is_device(item)]

    def set_blocked(self, serial_number: str, *, blocked: bool) -> bool:
        """Block a device or not; whether it is on the list."""
        change = Condition(f"SET {BLOCKED} = :blocked", {":blocked": {"BOOL": blocked}})
        return self.change(serial_number, change, LISTED)

    def change(self, serial_number: str, change: Condition, condition: Condition) -> bool:
        """Change the record of a device if a condition holds; whether it does.

        Args:
            serial_number: The device.
            change: The update expression.
            condition: The condition.

        Raises:
            UnreadableError: If AWS refuses for another reason.
        """
        if not is_serial_number(serial_number):
            return False
        from ..records.calls import past_transactions

        values = {**change.values, **condition.values}
        write = partial(
            self._calls.call,
            "update_item",
            TableName=self.name,
            Key=key(serial_number),
            UpdateExpression=change.text,
            ConditionExpression=condition.text,
            **({"ExpressionAttributeValues": values} if values else {}),
        )
        try:
            # A device that asks again and again must not keep its operator from it.
            past_transactions(write, RefusedError, lambda refused: refused.code)
        except RefusedError as refused:
            if refused.code != "ConditionalCheckFailedException":
                raise
            return False
        return True


def item_of(device: ListedDevice) -> dict[str, Any]:
    """The record of a device that was not on the list, with DynamoDB's types."""
    further = device.model_extra or {}
    said = device.model_dump(exclude_unset=True, exclude=set(further))
    # A record always says more than its key, as one that an update made.
    update = update_of(said if len(said) > 1 else {**said, "blocked": False})
    return {
        **update["Key"],
        **{name.removeprefix(":"): value for name, value in update["ExpressionAttributeValues"].items()},
        **{name: typed(value) for name, value in further.items()},
    }


def _is_busy(refused: RefusedError) -> bool:
    return not BUSY.isdisjoint((refused.code, *refused.reasons))


def _update(device: ListedDevice) -> dict[str, Any]:
    update = update_of(device.model_dump(exclude_unset=True))
    if "UpdateExpression" in update:
        return update
    # An update in a transaction has to change something: a record keeps whether it is blocked.
    unchanged = {"UpdateExpression": "SET blocked = if_not_exists(blocked, :no)"}
    return {**update, **unchanged, "ExpressionAttributeValues": {":no": {"BOOL": False}}}


def _settings(parallel: int, attempts: int) -> Mapping[str, Any]:
    return {
        "max_pool_connections": parallel,
        # Rows are checked by now, and botocore's check of each value takes a third of a request's time.
        "parameter_validation": False,
        "retries": {"mode": "standard", "total_max_attempts": attempts},
        "read_timeout": SECONDS_TO_ANSWER,
    }
