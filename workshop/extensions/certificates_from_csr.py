"""CreateCertificateFromCsr over MQTT, which MiniStack lacks.

https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
"""

import asyncio
import json
import secrets
import time
from typing import Any

TOPIC = "$aws/certificates/create-from-csr/json"
OPERATION = "create-from-csr"


def install(iot: Any) -> None:
    """Add the operation."""
    parse, reply = iot._parse_fleet_provisioning_topic, iot._fleet_provisioning_reply

    def parse_with_csr(topic: str) -> Any:
        return (OPERATION, None) if topic == TOPIC else parse(topic)

    async def reply_with_csr(
        account: str, region: str, operation: str, template: str | None, payload: bytes, connection: Any
    ) -> Any:
        if operation == OPERATION:
            return await _create_certificate_from_csr(iot, account, region, payload)
        return await reply(account, region, operation, template, payload, connection)

    iot._parse_fleet_provisioning_topic = parse_with_csr
    iot._fleet_provisioning_reply = reply_with_csr


async def _create_certificate_from_csr(iot: Any, account: str, region: str, payload: bytes) -> Any:
    from ministack.core.responses import request_scope
    from ministack.core.x509_utils import get_certificate_id, sign_certificate_request

    try:
        csr = json.loads(payload)["certificateSigningRequest"]
        authority, key = iot._ensure_ca()
        pem = await asyncio.to_thread(sign_certificate_request, authority, key, csr)
    except Exception:  # whatever a device sends, it gets an answer
        return iot._fleet_rejected("InvalidCertificateSigningRequest", "the CSR can't be signed")
    certificate_id, token = get_certificate_id(pem), secrets.token_urlsafe(48)
    with request_scope(account, region):
        iot._certificates[certificate_id] = iot._certificate_record(certificate_id, pem, "PENDING_ACTIVATION")
        expiration = time.time() + iot._OWNERSHIP_TOKEN_SECONDS
        iot._ownership_tokens[token] = {"certificateId": certificate_id, "expiration": expiration}
    answer = {"certificateId": certificate_id, "certificatePem": pem, "certificateOwnershipToken": token}
    return "accepted", answer
