"""The tables of docs/quotas.md and docs/cost.md, made of what ``device-provisioning plan`` reckons with."""

from device_provisioning.aws_iot import limits
from device_provisioning.capacity import prices
from device_provisioning.capacity import quotas as known
from device_provisioning.capacity.planning import plans
from device_provisioning.capacity.report import lasting
from device_provisioning.capacity.ways import WAYS

from .markdown_tables import rows

NUMBERS = (1_000, 10_000, 100_000, 1_000_000)
REGION = prices.REGION
LIMITS = {
    "thing groups of a thing": limits.MAX_THING_GROUPS,
    "attributes of a thing without a type": limits.MAX_ATTRIBUTES_WITHOUT_THING_TYPE,
    "attributes of a thing with a type, can be raised": limits.MAX_ATTRIBUTES,
    "policies of a certificate": limits.MAX_POLICIES,
    "characters of a policy, white space not counted": f"{limits.MAX_POLICY_DOCUMENT:,}",
    "seconds until a hook has to answer": limits.HOOK_TIMEOUT_SECONDS,
}


def quotas_table() -> str:
    """Each quota, with its default and by which ways it is met."""
    return rows(
        ["`--quota`", "what AWS calls it", "a second", "in select Regions", "met by"],
        [
            [
                f"`{quota.name}`",
                f"[{quota.title}]({quota.page})",
                f"{quota.a_second:,}",
                f"{quota.in_smaller_regions or quota.a_second:,}",
                ", ".join(way.name for way in WAYS if quota.name in way.calls_with(1)),
            ]
            for quota in known.QUOTAS
        ],
    )


def select_regions() -> str:
    """The Regions with lower quotas."""
    return f"Select Regions: {', '.join(f'`{region}`' for region in known.SMALLER_REGIONS)}.\n"


def durations_table() -> str:
    """How long numbers of devices take by each way, and what ends first."""
    planned = {number: plans(number, known.rates(REGION)) for number in NUMBERS}
    return rows(
        ["way", *(f"{number:,} devices" for number in NUMBERS), "ends first"],
        [
            [
                f"`{way.name}`: {way.description}",
                *(lasting(planned[number][place].seconds) for number in NUMBERS),
                ", ".join(f"`{name}`" for name in planned[1_000][place].ends_first),
            ]
            for place, way in enumerate(WAYS)
        ],
    )


def limits_table() -> str:
    """What is limited otherwise than by a rate."""
    return rows(["limit", "number"], [[what, str(number)] for what, number in LIMITS.items()])


def prices_table() -> str:
    """Each price, with its date and page."""
    return rows(
        ["what for", "US dollars", "noted", "AWS's page"],
        [
            [price.unit, f"{price.dollars}", price.as_of, f"[{price.service}]({price.page})"]
            for price in prices.PRICES
        ],
    )


def used_table() -> str:
    """What a device uses of each by each way."""
    return rows(
        ["of each device", *(f"`{way.name}`" for way in WAYS)],
        [
            [price.counted, *(str(way.used.get(price) or _monthly(way.monthly.get(price))) for way in WAYS)]
            for price in prices.PRICES
            if any(price in way.used or price in way.monthly for way in WAYS)
        ],
    )


def _monthly(number: int | None) -> str:
    return f"{number} each month" if number else ""


def costs_table() -> str:
    """What numbers of devices cost by each way."""
    planned = {number: plans(number, known.rates(REGION)) for number in NUMBERS}
    return rows(
        ["way", *(f"{number:,} devices" for number in NUMBERS), "each month"],
        [
            [
                f"`{way.name}`",
                *(f"{planned[number][place].dollars:,.2f}" for number in NUMBERS),
                f"{planned[1_000][place].dollars_a_month:.2f}",
            ]
            for place, way in enumerate(WAYS)
        ],
    )


def _dated(what: str, as_of: str) -> str:
    return f"{what} as of **{as_of}**.\n"


def quotas_date() -> str:
    """When the quotas were noted."""
    return _dated(f"Quotas of [AWS's page]({known.PAGE})", known.AS_OF)


def prices_date() -> str:
    """When the oldest price was noted."""
    return _dated(f"Prices of {prices.REGION}, the oldest", prices.AS_OF)


QUOTAS = {
    "dated": quotas_date,
    "rates": quotas_table,
    "regions": select_regions,
    "durations": durations_table,
    "limits": limits_table,
}
COST = {"dated": prices_date, "costs": costs_table, "used": used_table, "prices": prices_table}
