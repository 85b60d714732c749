"""Quotas that devices meet while they enrol: rates for an account in a Region, from a dated page of AWS."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..console.sources import UnreadableError

AS_OF = "2026-01"
PAGE = "https://docs.aws.amazon.com/general/latest/gr/iot-core.html"
SMALLER_REGIONS = (
    "ap-east-1",
    "ap-southeast-5",
    "ca-central-1",
    "cn-northwest-1",
    "eu-north-1",
    "eu-south-2",
    "eu-west-3",
    "me-central-1",
    "me-south-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
)
"""The Regions that AWS's page calls select Regions, where some quotas are lower."""
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_RATE = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Quota:
    """How often a second an account may ask for something in a Region; AWS raises each on request.

    Args:
        name: What ``--quota`` calls it.
        title: What Service Quotas calls it.
        a_second: How often a second.
        in_smaller_regions: How often a second in ``SMALLER_REGIONS``, if that is something else.
        section: The part of AWS's page that has it.
    """

    name: str
    title: str
    a_second: int
    in_smaller_regions: int | None = None
    section: str = "throttling-limits"

    @property
    def page(self) -> str:
        """AWS's page."""
        return f"{PAGE}#{self.section}"


QUOTAS = (
    Quota("Connect", "Connect requests per second per account", 3000, 100, "message-broker-limits"),
    Quota("Subscribe", "Subscriptions per second per account", 3000, 200, "message-broker-limits"),
    Quota(
        "CreateKeysAndCertificate",
        "Fleet Provisioning CreateKeysAndCertificate MQTT API TPS",
        10,
        section="fleet-provisioning-limits",
    ),
    Quota(
        "CreateCertificateFromCsr",
        "Fleet Provisioning CreateCertificateFromCsr MQTT API TPS",
        20,
        section="fleet-provisioning-limits",
    ),
    Quota(
        "RegisterThing",
        "Fleet Provisioning RegisterThing MQTT API TPS",
        10,
        section="fleet-provisioning-limits",
    ),
    Quota("CreateCertificateFromCsrApi", "CreateCertificateFromCsr API TPS", 15),
    Quota("UpdateCertificate", "UpdateCertificate API TPS", 10),
    Quota("AttachPolicy", "AttachPolicy API TPS", 15),
    Quota("CreateThing", "CreateThing API TPS", 100, 50),
    Quota("AttachThingPrincipal", "AttachThingPrincipal API TPS", 100, 50),
    Quota("AddThingToThingGroup", "AddThingToThingGroup API TPS", 100, 60),
)


def rates(region: str, raised: Sequence[str] = ()) -> Mapping[str, int]:
    """How often a second an account may ask in a Region, by the names of the quotas.

    Args:
        region: The Region.
        raised: ``NAME=VALUE`` each: what AWS gave this account.

    Raises:
        UnreadableError: With everything that is wrong.

    Example:
        >>> rates("eu-west-1", ["RegisterThing=50"])["RegisterThing"]
        50
        >>> rates("eu-north-1")["CreateThing"]
        50
    """
    problems = (
        [] if _REGION.fullmatch(region) else [f"{region!r} is not a Region: give one such as eu-west-1"]
    )
    own: dict[str, int] = {}
    for option in raised:
        name, _, value = option.partition("=")
        problems += _problems_of(option, name, value, own)
        own[name] = int(value) if _RATE.fullmatch(value) else 0
    if problems:
        raise UnreadableError("\n".join(problems))
    return {**{quota.name: _default(quota, region) for quota in QUOTAS}, **own}


def _default(quota: Quota, region: str) -> int:
    if region in SMALLER_REGIONS and quota.in_smaller_regions is not None:
        return quota.in_smaller_regions
    return quota.a_second


def _problems_of(option: str, name: str, value: str, before: Mapping[str, int]) -> list[str]:
    known = [quota.name for quota in QUOTAS]
    problems = []
    if name not in known:
        problems.append(f"--quota {option}: there is no quota {name!r} here: give one of {', '.join(known)}")
    if not _RATE.fullmatch(value):
        problems.append(f"--quota {option}: give NAME=VALUE, how often a second, such as RegisterThing=50")
    if name in before:
        problems.append(f"--quota {option}: {name} is given twice: give it once")
    return problems
