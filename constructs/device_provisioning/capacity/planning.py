"""How long a number of devices takes by each way, what holds them up, and what they cost."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from fractions import Fraction
from typing import Any

from .prices import Price
from .ways import WAYS, Way

SECONDS_OF_AN_HOUR = 3600
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Plan:
    """What a number of devices means by one way.

    Args:
        way: The way.
        ends_first: The quotas that end first, by name: raising one helps if all of them are raised.
        devices_a_second: How many devices enrol in a second at best.
        seconds: How long all take at best.
        dollars: What all cost at most, in US dollars.
        dollars_a_month: What each month costs besides, in US dollars.
    """

    way: Way
    ends_first: tuple[str, ...]
    devices_a_second: float
    seconds: int
    dollars: Decimal
    dollars_a_month: Decimal

    @property
    def hours(self) -> float:
        """How long all take at best, in hours."""
        return self.seconds / SECONDS_OF_AN_HOUR


def plans(devices: int, rates: Mapping[str, int], thing_groups: int = 0) -> list[Plan]:
    """What a number of devices means, by each way.

    Args:
        devices: How many devices enrol.
        rates: How often a second an account may ask, by the names of quotas.
        thing_groups: To how many groups each thing is added; none by default.
    """
    return [_plan(way, devices, rates, thing_groups) for way in WAYS]


def _plan(way: Way, devices: int, rates: Mapping[str, int], thing_groups: int) -> Plan:
    by_quota = {name: Fraction(rates[name], calls) for name, calls in way.calls_with(thing_groups).items()}
    slowest = min(by_quota.values())
    return Plan(
        way,
        tuple(name for name, rate in by_quota.items() if rate == slowest),
        float(slowest),
        math.ceil(devices / slowest),
        _dollars(way.used_with(thing_groups), devices),
        _dollars(way.monthly, 1),
    )


def _dollars(used: Mapping[Price, Any], times: int) -> Decimal:
    exact = sum((price.dollars * count * times / price.number for price, count in used.items()), Decimal())
    return exact.quantize(_CENT, ROUND_UP)
