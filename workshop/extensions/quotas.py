"""The quotas of AWS IoT, each a bucket of tokens: a call too many is throttled; MiniStack counts nothing.

They are on where ``IOT_QUOTAS`` says which part of AWS's defaults counts, such as 1 for all of them. How AWS
IoT refuses a device over MQTT is documented nowhere: it gets the code and the status of the API.

https://docs.aws.amazon.com/general/latest/gr/iot-core.html
https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
"""

import os
import re
import time
from collections.abc import Callable
from typing import Any

QUOTAS = "IOT_QUOTAS"
CODE, MESSAGE, STATUS = "ThrottlingException", "Rate exceeded", 400
PER_SECOND = {
    "AddThingToBillingGroup": 60,
    "AddThingToThingGroup": 100,
    "AttachPolicy": 15,
    "AttachThingPrincipal": 100,
    "CreatePolicy": 10,
    "CreateProvisioningClaim": 10,
    "CreateProvisioningTemplate": 10,
    "CreateProvisioningTemplateVersion": 10,
    "CreateThing": 100,
    "DeleteProvisioningTemplate": 10,
    "DeleteProvisioningTemplateVersion": 10,
    "DescribeCertificate": 10,
    "DescribeProvisioningTemplate": 10,
    "DescribeProvisioningTemplateVersion": 10,
    "DescribeThing": 350,
    "ListProvisioningTemplateVersions": 10,
    "ListProvisioningTemplates": 10,
    "RegisterCACertificate": 10,
    "RegisterCertificate": 10,
    "StartThingRegistrationTask": 10,
    "UpdateCertificate": 10,
    "UpdateProvisioningTemplate": 10,
    "UpdateThing": 100,
}
PER_SECOND_OVER_MQTT = {"create": 10, "create-from-csr": 20, "provision": 10}
REQUESTS = {
    r"PUT /billing-groups/addThingToBillingGroup": "AddThingToBillingGroup",
    r"PUT /thing-groups/addThingToThingGroup": "AddThingToThingGroup",
    r"PUT /target-policies/.+": "AttachPolicy",
    r"PUT /things/[^/]+/principals": "AttachThingPrincipal",
    r"POST /policies/[^/]+": "CreatePolicy",
    r"POST /provisioning-templates/[^/]+/provisioning-claim": "CreateProvisioningClaim",
    r"POST /provisioning-templates": "CreateProvisioningTemplate",
    r"POST /provisioning-templates/[^/]+/versions": "CreateProvisioningTemplateVersion",
    r"POST /things/[^/]+": "CreateThing",
    r"DELETE /provisioning-templates/[^/]+": "DeleteProvisioningTemplate",
    r"DELETE /provisioning-templates/[^/]+/versions/.+": "DeleteProvisioningTemplateVersion",
    r"GET /certificates/[^/]+": "DescribeCertificate",
    r"GET /provisioning-templates/[^/]+": "DescribeProvisioningTemplate",
    r"GET /provisioning-templates/[^/]+/versions/.+": "DescribeProvisioningTemplateVersion",
    r"GET /things/[^/]+": "DescribeThing",
    r"GET /provisioning-templates/[^/]+/versions": "ListProvisioningTemplateVersions",
    r"GET /provisioning-templates": "ListProvisioningTemplates",
    r"POST /cacertificate": "RegisterCACertificate",
    r"POST /certificate/register": "RegisterCertificate",
    r"POST /thing-registration-tasks": "StartThingRegistrationTask",
    r"PUT /certificates/[^/]+": "UpdateCertificate",
    r"PATCH /provisioning-templates/[^/]+": "UpdateProvisioningTemplate",
    r"PATCH /things/[^/]+": "UpdateThing",
}


class Bucket:
    """Tokens that come back at a rate, of which there are at most those of a second.

    Args:
        per_second: The rate.
        now: The time in seconds.
    """

    def __init__(self, per_second: float, now: Callable[[], float]) -> None:
        self._per_second, self._now = per_second, now
        self._most = max(per_second, 1)
        self._tokens, self._at = self._most, now()

    def take(self) -> bool:
        """Take a token; whether there was one."""
        now = self._now()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def install(iot: Any) -> None:
    """Throttle, if that is asked for."""
    part = float(os.environ.get(QUOTAS, 0))
    if not part:
        return
    buckets = iot.AccountRegionScopedDict()
    route, reply = iot._route_request, iot._fleet_provisioning_reply

    def is_throttled(operation: str, per_second: float) -> bool:
        if operation not in buckets:
            buckets[operation] = Bucket(per_second * part, time.monotonic)
        return not buckets[operation].take()

    async def route_within_quotas(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = operation_of(method, path)
        if operation and is_throttled(operation, PER_SECOND[operation]):
            return iot.error_response_json(CODE, MESSAGE, STATUS)
        return await route(method, path, headers, body, query)

    async def reply_within_quotas(account: str, region: str, operation: str, *request: Any) -> Any:
        with iot.request_scope(account, region):
            if is_throttled(operation, PER_SECOND_OVER_MQTT[operation]):
                return iot._fleet_rejected(CODE, MESSAGE, STATUS)
        return await reply(account, region, operation, *request)

    iot._route_request, iot._fleet_provisioning_reply = route_within_quotas, reply_within_quotas


def operation_of(method: str, path: str) -> str | None:
    """The operation with a quota that a request is; nothing if it is another one.

    Example:
        >>> operation_of("GET", "/things/sensor-1")
        'DescribeThing'
    """
    request = f"{method} {path.rstrip('/')}"
    return next((name for known, name in REQUESTS.items() if re.fullmatch(known, request)), None)
