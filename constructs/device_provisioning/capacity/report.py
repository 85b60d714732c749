"""A plan, for people and for programs."""

import json
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from . import prices, quotas
from .planning import SECONDS_OF_AN_HOUR, Plan

_WIDTH_WITHOUT_TERMINAL = 160
_MINUTE = 60


def show(plans: Sequence[Plan], devices: int, region: str) -> None:
    """Write plans as a table, with where its numbers come from.

    Args:
        plans: The plans.
        devices: How many devices enrol.
        region: The Region.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=_WIDTH_WITHOUT_TERMINAL, highlight=False)
    table = Table("way", "ends first", "devices a second", "takes at least", "US dollars", box=box.SIMPLE)
    for plan in plans:
        table.add_row(
            plan.way.name,
            ", ".join(plan.ends_first),
            f"{plan.devices_a_second:g}",
            lasting(plan.seconds),
            _cost(plan),
        )
    console.print(f"{devices:,} device{'' if devices == 1 else 's'} in {region}")
    console.print(table)
    for plan in plans:
        console.print(f"{plan.way.name}: {plan.way.description}")
    console.print(
        f"Quotas are AWS's defaults as of {quotas.AS_OF} unless --quota says otherwise: {quotas.PAGE}\n"
        f"Dollars are an upper estimate from prices of {prices.REGION} as of {prices.AS_OF}, without free"
        " tiers and tax.",
        soft_wrap=True,
    )


def as_json(plans: Sequence[Plan], devices: int, region: str) -> str:
    """Plans as JSON.

    Args:
        plans: The plans.
        devices: How many devices enrol.
        region: The Region.
    """
    document = {
        "version": 1,
        "devices": devices,
        "region": region,
        "quotas_as_of": quotas.AS_OF,
        "prices_as_of": prices.AS_OF,
        "prices_of_region": prices.REGION,
        "ways": [
            {
                "way": plan.way.name,
                "description": plan.way.description,
                "ends_first": plan.ends_first,
                "devices_a_second": plan.devices_a_second,
                "hours": round(plan.hours, 2),
                "dollars": float(plan.dollars),
                "dollars_a_month": float(plan.dollars_a_month),
            }
            for plan in plans
        ],
    }
    return json.dumps(document, indent=2)


def lasting(seconds: int) -> str:
    """A duration in words.

    Example:
        >>> lasting(100_000), lasting(90), lasting(9)
        ('27.8 hours', '2 minutes', '9 seconds')
    """
    if seconds >= SECONDS_OF_AN_HOUR:
        return f"{seconds / SECONDS_OF_AN_HOUR:,.1f} hours"
    if seconds >= _MINUTE:
        return f"{-(-seconds // _MINUTE)} minutes"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _cost(plan: Plan) -> str:
    monthly = f" and {plan.dollars_a_month:,.2f} a month" if plan.dollars_a_month else ""
    return f"{plan.dollars:,.2f}{monthly}"
