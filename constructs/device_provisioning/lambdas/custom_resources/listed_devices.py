"""Devices that are declared in code, synchronised with the allow list."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...records.calls import past_transactions
from ...records.record import CERTIFICATE_ID, DECLARED, SERIAL_NUMBER, key, plain, update_of
from .certificates import GONE, client, is_error
from .cloudformation import Failed, Outcome, Reason, is_denial

Device = dict[str, Any]


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Write what is declared, take out what is not declared any more."""
    properties = event["ResourceProperties"]
    table_name, declared = properties["TableName"], devices_of(properties["Devices"])
    physical_id = f"{table_name}/{event['LogicalResourceId']}"
    table = Table(client("dynamodb"), table_name)
    if event["RequestType"] == "Delete":
        table.take_out_all(declared)
        return Outcome(event["PhysicalResourceId"])
    # Devices of another table are taken out by the Delete that follows a new physical id.
    old = event.get("OldResourceProperties", {})
    table.declare(declared, devices_of(old["Devices"]) if old.get("TableName") == table_name else {})
    return Outcome(physical_id)


class Table:
    """The table of an allow list.

    Args:
        dynamodb: A DynamoDB client.
        name: The table's name.
    """

    def __init__(self, dynamodb: Any, name: str) -> None:
        self._dynamodb = dynamodb
        self._name = name

    def declare(self, devices: Mapping[str, Device], before: Mapping[str, Device]) -> None:
        """Write devices by serial number, and take out those that were declared before and are no more.

        Raises:
            Failed: With every device that could not be written.
        """
        _all(lambda device: self._write(device, before.get(device[SERIAL_NUMBER])), devices.values())
        self.take_out_all(name for name in before if name not in devices)

    def take_out_all(self, serial_numbers: Iterable[str]) -> None:
        """Take out devices that are not declared any more.

        Raises:
            Failed: With every device that could not be taken out.
        """
        _all(self._take_out, serial_numbers)

    def listed(self, serial_numbers: Iterable[str]) -> dict[str, Device]:
        """What the table says of the devices that it holds, as far as code can declare it."""
        records = {name: self._record(name) for name in serial_numbers}
        return {
            name: {
                SERIAL_NUMBER: name,
                **{field: value for field, value in plain(record).items() if field in DECLARED},
            }
            for name, record in records.items()
            if record
        }

    def _record(self, serial_number: str) -> dict[str, Any]:
        answer = self._dynamodb.get_item(TableName=self._name, Key=key(serial_number), ConsistentRead=True)
        record: dict[str, Any] = answer.get("Item", {})
        return record

    def _write(self, device: Device, before: Device | None) -> None:
        """Set what is newly declared or has changed; what the hook or an operator wrote stays."""
        changed = [name for name in DECLARED if before is None or device.get(name) != before.get(name)]
        if changed:
            set_anew = {name: device[name] for name in changed if name in device}
            removed = [name for name in changed if name not in device]
            self._dynamodb.update_item(
                TableName=self._name, **update_of({SERIAL_NUMBER: device[SERIAL_NUMBER], **set_anew}, removed)
            )

    def _take_out(self, serial_number: str) -> None:
        """Delete a device that never registered; block one that did, so that it stays used up."""
        try:
            self._dynamodb.delete_item(
                TableName=self._name,
                Key=key(serial_number),
                ConditionExpression=f"attribute_not_exists({CERTIFICATE_ID})",
            )
        except ClientError as error:
            if is_error(error, "ConditionalCheckFailedException"):
                self._block(serial_number)
            elif not is_error(error, GONE):
                raise

    def _block(self, serial_number: str) -> None:
        self._dynamodb.update_item(
            TableName=self._name,
            Key=key(serial_number),
            UpdateExpression="SET blocked = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )


def _all(step: Callable[[Any], None], items: Iterable[Any]) -> None:
    """Do a step for every item, and tell of all that failed together."""
    failures = []
    for item in items:
        try:
            past_transactions(partial(step, item))
        except (ClientError, BotoCoreError) as error:
            if is_denial(error):
                raise
            name = item[SERIAL_NUMBER] if isinstance(item, dict) else item
            failures.append(f"{name}: {_cause(error)}")
    if failures:
        shown = ", ".join(failures[:10]) + (f" and {len(failures) - 10} more" if len(failures) > 10 else "")
        raise Failed(Reason.DEVICES.format(devices=shown))


def _cause(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return f"{error.operation_name} {error.response['Error']['Code']}"
    return type(error).__name__


def devices_of(text: str) -> dict[str, Device]:
    """Declared devices by serial number, of their JSON text."""
    # DynamoDB makes no record of an update that only removes, so every device says whether it is blocked.
    devices = [{"blocked": False, **device} for device in json.loads(text)]
    return {device[SERIAL_NUMBER]: device for device in devices}
