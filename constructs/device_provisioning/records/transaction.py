"""Writes of several items of an allow list: all of them, or none."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from .record import Condition, Item


class Changed(Exception):  # noqa: N818  # an outcome, not an error
    """A condition does not hold, so that nothing was written.

    ``found`` has a place for each action: the item whose condition does not hold, ``None`` if there is no
    such item, and ``HOLDS`` for a condition that holds.
    """

    def __init__(self, found: Sequence[Any]) -> None:
        super().__init__()
        self.found = found


HOLDS = object()
"""In the place of an item whose condition holds."""


class Transaction:
    """Actions on items of one table.

    Sent again, it is carried out once: DynamoDB knows it by its token.

    Args:
        client: A botocore client of DynamoDB.
        table_name: The table.
    """

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table_name = table_name
        self._token = uuid.uuid4().hex
        self._actions: list[dict[str, Any]] = []

    def put(self, item: Item, condition: Condition) -> None:
        """Write an item."""
        self._add("Put", condition, {}, Item=item)

    def update(self, key: Item, expression: Condition, condition: Condition) -> None:
        """Change an item by an update expression."""
        self._add("Update", condition, expression.values, Key=key, UpdateExpression=expression.text)

    def check(self, key: Item, condition: Condition) -> None:
        """Change nothing, and let the others be written only if a condition of this item holds."""
        self._add("ConditionCheck", condition, {}, Key=key)

    def send(self) -> None:
        """Carry it out.

        Raises:
            Changed: If a condition does not hold.
            ClientError: If AWS refuses for another reason.
        """
        try:
            self._client.transact_write_items(TransactItems=self._actions, ClientRequestToken=self._token)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            if {reason.get("Code") for reason in reasons} - {"None"} != {"ConditionalCheckFailed"}:
                raise
            raise Changed([_found(reason) for reason in reasons]) from None

    def _add(self, action: str, condition: Condition, values: Any, **settings: Any) -> None:
        values = {**values, **condition.values}
        self._actions.append(
            {
                action: {
                    "TableName": self._table_name,
                    "ConditionExpression": condition.text,
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    **({"ExpressionAttributeValues": values} if values else {}),
                    **settings,
                }
            }
        )


def _found(reason: Mapping[str, Any]) -> Any:
    return HOLDS if reason["Code"] == "None" else reason.get("Item")
