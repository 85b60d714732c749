"""What a run costs at most: an estimate from above, to be checked where it matters."""

from collections.abc import Mapping
from decimal import Decimal

from ..capacity.prices import (
    INVOCATIONS,
    LOGS,
    MESSAGES,
    METRIC,
    REGISTRY,
    SECRET,
    SECRET_CALLS,
    UPLOADS,
    WRITES,
    Price,
)

COUNTED: Mapping[Price, int] = {
    SECRET: 1,
    SECRET_CALLS: 1,
    METRIC: 6,
    LOGS: 1,
    MESSAGES: 1,
    REGISTRY: 1,
    INVOCATIONS: 1,
    WRITES: 1,
    UPLOADS: 1,
}
"""How often each price is counted, undivided: far more than a run needs.

What AWS bills by the hour counts as a whole month; of what it bills by number a run needs some hundred.
"""
PAGES = tuple(dict.fromkeys(price.page for price in COUNTED))
"""AWS's pages, which have today's prices."""
AS_OF = min(price.as_of for price in COUNTED)
"""When the oldest of them was noted."""


def most_dollars() -> Decimal:
    """What a run costs at most, in US dollars."""
    return sum((price.dollars * number for price, number in COUNTED.items()), Decimal())
