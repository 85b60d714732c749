"""The table of an allow list, asked and written."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...aws_iot import ListedDevice
from ...lambdas.custom_resources.listed_devices import update_of
from ..sources import UnreadableError

TRANSACTION = 100
"""Updates in one transaction
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""
LOOK_UP = 100
"""Keys in one look-up
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""
_BUSY = frozenset(
    {
        "ItemCollectionSizeLimitExceeded",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionInProgressException",
    }
)


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
        self._client = _client(parallel)

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
            self._client.transact_write_items(TransactItems=updates, ClientRequestToken=token)
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
            if any(reason in _BUSY for reason in reasons):
                return False
            raise _problem(self.name, error) from None
        except self._errors() as error:
            if _code(error) in _BUSY:
                return False
            raise _problem(self.name, error) from None
        return True

    def known(self, devices: Sequence[ListedDevice]) -> int:
        """How many of at most 100 devices are on the list."""
        wanted: Mapping[str, Any] = {
            self.name: {
                "Keys": [_key(device.serial_number) for device in devices],
                "ProjectionExpression": "serial_number",
            }
        }
        found = 0
        while wanted:
            answer = self._call("batch_get_item", RequestItems=wanted)
            found += len(answer["Responses"].get(self.name, []))
            wanted = answer.get("UnprocessedKeys", {})
        return found

    def record(self, serial_number: str) -> dict[str, Any] | None:
        """The record of a device as it is now, if it is on the list."""
        answer = self._call("get_item", TableName=self.name, Key=_key(serial_number), ConsistentRead=True)
        return answer.get("Item")

    def records(self) -> Iterator[dict[str, Any]]:
        """Every record."""
        try:
            for page in self._client.get_paginator("scan").paginate(TableName=self.name):
                yield from page["Items"]
        except self._errors() as error:
            raise _problem(self.name, error) from None

    def set_blocked(self, serial_number: str, *, blocked: bool) -> bool:
        """Block a device or not; whether it is on the list."""
        try:
            self._client.update_item(
                TableName=self.name,
                Key=_key(serial_number),
                UpdateExpression="SET blocked = :blocked",
                ConditionExpression="attribute_exists(serial_number)",
                ExpressionAttributeValues={":blocked": {"BOOL": blocked}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        except self._errors() as error:
            raise _problem(self.name, error) from None
        return True

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except self._errors() as error:
            raise _problem(self.name, error) from None
        return answer

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        from botocore.exceptions import BotoCoreError, ClientError

        return BotoCoreError, ClientError


def item_of(device: ListedDevice) -> dict[str, Any]:
    """The record of a device that was not on the list, with DynamoDB's types."""
    said = device.model_dump(exclude_unset=True)
    # A record always says more than its key, as one that an update made.
    update = update_of(said if len(said) > 1 else {**said, "blocked": False})
    return {
        **update["Key"],
        **{name.removeprefix(":"): value for name, value in update["ExpressionAttributeValues"].items()},
    }


def _update(device: ListedDevice) -> dict[str, Any]:
    update = update_of(device.model_dump(exclude_unset=True))
    if "UpdateExpression" in update:
        return update
    # An update in a transaction has to change something: a record keeps whether it is blocked.
    unchanged = {"UpdateExpression": "SET blocked = if_not_exists(blocked, :no)"}
    return {**update, **unchanged, "ExpressionAttributeValues": {":no": {"BOOL": False}}}


def _client(parallel: int) -> Any:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    settings: Any = {
        "max_pool_connections": parallel,
        # Rows are checked by now, and botocore's check of each value takes a third of a request's time.
        "parameter_validation": False,
        "retries": {"mode": "adaptive", "total_max_attempts": 10},
    }
    try:
        return boto3.client("dynamodb", config=Config(**settings))
    except BotoCoreError as error:
        raise UnreadableError(f"AWS can't be reached: {error}") from None


def _problem(table_name: str, error: Exception) -> UnreadableError:
    hints = {
        "AccessDeniedException": "grant_register and read rights let somebody manage a list",
        "ResourceNotFoundException": "look the name up in the stack's outputs, and check account and Region",
        "UnrecognizedClientException": "check the credentials, for example with aws sts get-caller-identity",
    }
    hint = hints.get(_code(error), "")
    return UnreadableError(f"{table_name}: {error}" + (f": {hint}" if hint else ""))


def _code(error: Exception) -> str:
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def _key(serial_number: str) -> dict[str, Any]:
    return {"serial_number": {"S": serial_number}}
