"""``dynamodb:LeadingKeys``, by which policies allow some items of a table only; MiniStack knows no such key.

Of a transaction, each item is judged by its own key, as it is by its own action. AWS documents the key for
operations on items, and says nothing of transactions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

import json
from typing import Any

CONDITION = "dynamodb:LeadingKeys"


class _ItemArn(str):
    """The ARN of a table, with the key of the item that is judged."""

    leading_keys: list[str]


def install(_iot: Any) -> None:
    """Let conditions see the partition keys of the items that a request names."""
    from ministack.core import iam_actions, iam_evaluator

    context, checks, enforce = (
        iam_actions.dynamodb_service_context,
        iam_actions.dynamodb_transaction_checks,
        iam_evaluator.enforce,
    )

    def context_with_keys(body: bytes) -> dict[str, Any]:
        keys = _keys(_read(body))
        return {**context(body), **({CONDITION: keys} if keys else {})}

    def checks_with_keys(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        found = checks(action, body, region, account)
        details = [
            detail for item in _read(body).get("TransactItems", []) if found for detail in item.values()
        ]
        return [
            (each, _item_arn(arn, _keys(detail))) for (each, arn), detail in zip(found, details, strict=True)
        ]

    def enforce_with_keys(
        *args: Any, resource_arn: Any = None, service_context: Any = None, **more: Any
    ) -> Any:
        keys = getattr(resource_arn, "leading_keys", None)
        service_context = {**service_context, CONDITION: keys} if keys else service_context
        return enforce(*args, resource_arn=resource_arn, service_context=service_context, **more)

    iam_actions.dynamodb_service_context = context_with_keys
    iam_actions.dynamodb_transaction_checks = checks_with_keys
    iam_evaluator.enforce = enforce_with_keys


def _item_arn(arn: str, keys: list[str]) -> _ItemArn:
    made = _ItemArn(arn)
    made.leading_keys = keys
    return made


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except (ValueError, TypeError):
        return {}
    return read if isinstance(read, dict) else {}


def _keys(request: dict[str, Any]) -> list[str]:
    """The partition key of the item that a request, or a part of a transaction, is about."""
    from ministack.services import dynamodb

    table = dynamodb._tables.get(str(request.get("TableName")).rpartition("/")[2])
    item = request.get("Key") or request.get("Item") or {}
    value = item.get(table["pk_name"]) if table else None
    return [str(next(iter(value.values())))] if value else []
