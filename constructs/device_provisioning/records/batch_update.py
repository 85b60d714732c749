"""Updates of a batch's record by operators and by code, which never touch what the hook counts.

The standard library only: this module is shipped with functions.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .batch import batch_key
from .record import Condition, Item, plain, typed


def batch_update(
    name: str, said: Mapping[str, Any], removed: Iterable[str] = (), condition: Condition | None = None
) -> dict[str, Any]:
    """The settings of a DynamoDB update that changes the record of a batch, or makes it.

    Args:
        name: The batch.
        said: What it is to say, by attribute.
        removed: Attributes that it loses; none by default.
        condition: Under which it is carried out; always by default.

    Example:
        >>> batch_update("line-4", {"is_open": False})["UpdateExpression"]
        'SET is_open = :is_open'
    """
    sets = "SET " + ", ".join(f"{attribute} = :{attribute}" for attribute in said) if said else ""
    removes = "REMOVE " + ", ".join(removed)
    expression = f"{sets} {removes}" if removes != "REMOVE " else sets
    values = {f":{attribute}": _typed(value) for attribute, value in said.items()}
    conditions = {"ConditionExpression": condition.text} if condition else {}
    all_values = {**values, **(condition.values if condition else {})}
    return {
        "Key": batch_key(name),
        "UpdateExpression": expression.strip(),
        **conditions,
        **({"ExpressionAttributeValues": all_values} if all_values else {}),
    }


def plain_batch(item: Item) -> dict[str, Any]:
    """A batch's record without DynamoDB's types, sets in order."""
    return {name: sorted(value) if _is_set(value) else value for name, value in plain(item).items()}


def _is_set(value: Any) -> bool:
    return isinstance(value, list | set) and all(isinstance(each, str) for each in value)


def _typed(value: Any) -> dict[str, Any]:
    return {"SS": sorted(value)} if isinstance(value, list | tuple) else typed(value)
