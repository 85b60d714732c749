"""Lists that IoTDA gives page by page."""

from collections.abc import Iterator
from typing import Any

from .sdk import Caller

LARGEST_PAGE = 50


def listed(ask: Caller, operation: str, name: str, **fields: Any) -> Iterator[dict[str, Any]]:
    """Every entry of a list.

    Args:
        ask: Asks IoTDA.
        operation: The SDK's name of the operation that lists.
        name: The key of the entries in the answer.
        **fields: Of the SDK's request.
    """
    marker: str | None = None
    while True:
        page: dict[str, Any] = {"marker": marker} if marker else {}
        answer = ask(operation, limit=LARGEST_PAGE, **page, **fields)
        entries = answer.get(name) or []
        yield from entries
        marker = (answer.get("page") or {}).get("marker")
        if len(entries) < LARGEST_PAGE or not marker:
            return
