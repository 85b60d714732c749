"""The ways in which devices enrol, with what each device asks AWS for and what it uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..fleet.functions import PRE_PROVISIONING_HOOK
from .prices import (
    BULK,
    COMPUTE,
    CONNECTION,
    INVOCATIONS,
    LOGS,
    MESSAGES,
    METRIC,
    REGISTRY,
    SECRET,
    UPLOADS,
    WRITES,
    Price,
)

_THING = {"CreateThing": 1, "AttachThingPrincipal": 1, "AttachPolicy": 1}
"""Registering calls these, and each counts: https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html"""
_ACTIVE = {"UpdateCertificate": 1}
_OVER_MQTT = {"Connect": 2, "Subscribe": 4, "RegisterThing": 1, **_THING, **_ACTIVE}
"""It connects with the claim and then with its own certificate; each of two answers has two topics."""
_LONGEST_DECISION_SECONDS = 1

_REGISTERED: Mapping[Price, Any] = {REGISTRY: 3, CONNECTION: 2}
_BY_CLAIM: Mapping[Price, Any] = {
    **_REGISTERED,
    MESSAGES: 12,
    INVOCATIONS: 1,
    COMPUTE: Decimal(PRE_PROVISIONING_HOOK.memory_mib) / 1024 * _LONGEST_DECISION_SECONDS,
    WRITES: 4,
    LOGS: 2,
}
"""Two connections, four subscriptions, two requests with their answers and acknowledgements; a transaction
counts as two writes, once when the list is written and once when a device registers."""


@dataclass(frozen=True)
class Way:
    """A way in which devices enrol.

    Args:
        name: What it is called.
        description: What a device does.
        calls: How often each device asks, by the names of quotas.
        used: What is billed for each device, from above.
        monthly: What is billed for each month, however many devices there are; nothing by default.
    """

    name: str
    description: str
    calls: Mapping[str, int]
    used: Mapping[Price, Any]
    monthly: Mapping[Price, int] = field(default_factory=dict)

    def calls_with(self, thing_groups: int) -> Mapping[str, int]:
        """How often each device asks, when its thing is added to a number of groups."""
        return {**self.calls, "AddThingToThingGroup": thing_groups} if thing_groups else self.calls

    def used_with(self, thing_groups: int) -> Mapping[Price, Any]:
        """What is billed for each device, when its thing is added to a number of groups."""
        return {**self.used, REGISTRY: self.used[REGISTRY] + thing_groups}


_CLAIM_AND_METRICS = {SECRET: 1, METRIC: 3}
WAYS = (
    Way(
        "claim",
        "fleet provisioning by claim, AWS IoT makes the keys",
        {**_OVER_MQTT, "CreateKeysAndCertificate": 1},
        _BY_CLAIM,
        _CLAIM_AND_METRICS,
    ),
    Way(
        "claim-csr",
        "fleet provisioning by claim, the device sends a CSR",
        {**_OVER_MQTT, "CreateCertificateFromCsr": 1},
        _BY_CLAIM,
        _CLAIM_AND_METRICS,
    ),
    Way(
        "jitp",
        "just-in-time provisioning, by a certificate of your CA",
        {"Connect": 2, **_THING, **_ACTIVE},
        {**_REGISTERED, MESSAGES: 2},
    ),
    Way(
        "bulk",
        "bulk registration, of CSRs in a file",
        {"CreateCertificateFromCsrApi": 1, **_THING},
        {REGISTRY: 3, BULK: 1, UPLOADS: Decimal("0.001")},
    ),
)
