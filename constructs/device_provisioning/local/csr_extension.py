"""CreateCertificateFromCsr over MQTT for MiniStack, which lacks it.

This is an emulation of this project, not of MiniStack's authors: a pass says that the device SDK's calls, the
claim policy's topics and the template fit together, not that AWS agrees. It reaches into private names and
therefore refuses every version of MiniStack but the one that it was written for.
"""

import asyncio
import json
import secrets
import time
from importlib.metadata import version
from typing import Any

WRITTEN_FOR = "1.5.33"
TOPIC = "$aws/certificates/create-from-csr/json"
OPERATION = "create-from-csr"


def install() -> None:
    """Add the operation to the MiniStack of this process.

    Raises:
        RuntimeError: If it is another version than the one that this was written for.
    """
    require_version()
    from ministack.services import iot

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


def require_version() -> None:
    """Make sure that this is the MiniStack that the extensions were written for.

    Raises:
        RuntimeError: If it is not.
    """
    if version("ministack") != WRITTEN_FOR:
        raise RuntimeError(
            f"the extensions are for ministack {WRITTEN_FOR}, not {version('ministack')}: install that"
        )


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
