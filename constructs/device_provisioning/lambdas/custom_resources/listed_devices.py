"""Devices that are declared in code, kept in step with the allow list."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from .certificates import GONE, client, is_error
from .cloudformation import Failed, Outcome, Reason, respond

_DECLARABLE = ("blocked", "expires_at", "parameter_overrides")
Device = dict[str, Any]


def handler(event: dict[str, Any], context: Any) -> None:
    """The function that CloudFormation invokes."""
    respond(event, context, handle)


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Write what is declared, take out what is not declared any more."""
    properties = event["ResourceProperties"]
    table_name, declared = properties["TableName"], _devices(properties)
    physical_id = f"{table_name}/{event['LogicalResourceId']}"
    table = Table(client("dynamodb"), table_name)
    if event["RequestType"] == "Delete":
        table.take_out_all(declared)
        return Outcome(event["PhysicalResourceId"])
    # Devices of another table are taken out by the Delete that follows a new physical id.
    old = event.get("OldResourceProperties", {})
    table.declare(declared, _devices(old) if old.get("TableName") == table_name else {})
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
            Failed: With every device that could not be kept in step.
        """
        _all(lambda device: self._write(device, before.get(device["serial_number"])), devices.values())
        self.take_out_all(name for name in before if name not in devices)

    def take_out_all(self, serial_numbers: Iterable[str]) -> None:
        """Take out devices that are not declared any more.

        Raises:
            Failed: With every device that could not be taken out.
        """
        _all(self._take_out, serial_numbers)

    def _write(self, device: Device, before: Device | None) -> None:
        """Set what is declared anew or otherwise than before; what the hook or an operator wrote stays."""
        changed = [name for name in _DECLARABLE if before is None or device.get(name) != before.get(name)]
        if changed:
            key = {"serial_number": device["serial_number"]}
            set_anew = {name: device[name] for name in changed if name in device}
            removed = [name for name in changed if name not in device]
            self._dynamodb.update_item(TableName=self._name, **update_of({**key, **set_anew}, removed))

    def _take_out(self, serial_number: str) -> None:
        """Delete a device that never registered; block one that did, so that it stays used up."""
        try:
            self._dynamodb.delete_item(
                TableName=self._name,
                Key=_key(serial_number),
                ConditionExpression="attribute_not_exists(certificate_id)",
            )
        except ClientError as error:
            if is_error(error, "ConditionalCheckFailedException"):
                self._block(serial_number)
            elif not is_error(error, GONE):
                raise

    def _block(self, serial_number: str) -> None:
        self._dynamodb.update_item(
            TableName=self._name,
            Key=_key(serial_number),
            UpdateExpression="SET blocked = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )


def _all(step: Callable[[Any], None], items: Iterable[Any]) -> None:
    """Do a step for every item, and tell of all that failed together."""
    failures = []
    for item in items:
        try:
            step(item)
        except ClientError as error:
            name = item["serial_number"] if isinstance(item, dict) else item
            failures.append(f"{name}: {error.operation_name} {error.response['Error']['Code']}")
    if failures:
        shown = ", ".join(failures[:10]) + (f" and {len(failures) - 10} more" if len(failures) > 10 else "")
        raise Failed(Reason.DEVICES.format(devices=shown))


def update_of(device: Device, removed: Sequence[str] = ()) -> dict[str, Any]:
    """The key, expression and values of a DynamoDB update that sets what is declared of a device.

    Args:
        device: What is declared: ``serial_number`` and, if wanted, ``blocked``, ``expires_at`` and
            ``parameter_overrides``.
        removed: What the record loses; nothing by default.
    """
    present = [name for name in _DECLARABLE if name in device]
    sets = ["SET " + ", ".join(f"{name} = :{name}" for name in present)] if present else []
    removes = ["REMOVE " + ", ".join(removed)] if removed else []
    values = {f":{name}": _typed(device[name]) for name in present}
    return {
        "Key": _key(device["serial_number"]),
        **({"UpdateExpression": " ".join(sets + removes)} if sets or removes else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def _devices(properties: dict[str, Any]) -> dict[str, Device]:
    # DynamoDB makes no record of an update that only removes, so every device says whether it is blocked.
    devices = [{"blocked": False, **device} for device in json.loads(properties["Devices"])]
    return {device["serial_number"]: device for device in devices}


def _key(serial_number: str) -> dict[str, Any]:
    return {"serial_number": {"S": serial_number}}


def _typed(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case dict():
            return {"M": {name: {"S": text} for name, text in value.items()}}
        case _:
            return {"S": str(value)}
