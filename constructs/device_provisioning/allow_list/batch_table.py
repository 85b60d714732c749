"""Records of batches in the table of an allow list."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..console.aws_calls import AwsCalls
from ..console.aws_refusals import RefusedError
from ..records.batch import BATCH_KEY, as_it_was, batch_key
from ..records.batch_update import batch_update
from ..records.record import Condition, Item

_CHANGED = "ConditionalCheckFailedException"


class BatchTable:
    """The batches of an allow list.

    Args:
        name: The table.

    Raises:
        UnreadableError: If no Region is set.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._calls = AwsCalls(name, "dynamodb")

    def found(self, batch: str) -> dict[str, Any] | None:
        """The record of a batch as it is now, if there is one.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        answer = self._calls.call("get_item", TableName=self.name, Key=batch_key(batch), ConsistentRead=True)
        return answer.get("Item")

    def every(self) -> Iterator[dict[str, Any]]:
        """The record of every batch.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._calls.each(
            "scan",
            "Items",
            TableName=self.name,
            FilterExpression="begins_with(serial_number, :batch)",
            ExpressionAttributeValues={":batch": {"S": BATCH_KEY}},
        )

    def change(self, batch: str, before: Item, said: Mapping[str, Any], removed: Iterable[str]) -> bool:
        """Change a record that is as it was read; whether it was.

        Args:
            batch: The batch.
            before: Its record when it was read; empty if there was none.
            said: What it is to say, by attribute.
            removed: Attributes that it loses.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._update(batch, said, removed, as_it_was(before))

    def close(self, batch: str) -> bool:
        """Close a batch, whatever else becomes of it meanwhile; whether there is one.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._update(batch, {"is_open": False}, (), Condition("attribute_exists(serial_number)"))

    def _update(
        self, batch: str, said: Mapping[str, Any], removed: Iterable[str], condition: Condition
    ) -> bool:
        from ..records.calls import past_transactions

        settings = batch_update(batch, said, removed, condition)
        write = partial(self._calls.call, "update_item", TableName=self.name, **settings)
        try:
            # The devices of a batch all write to its record.
            past_transactions(write, RefusedError, lambda refused: refused.code)
        except RefusedError as refused:
            if refused.code != _CHANGED:
                raise
            return False
        return True
