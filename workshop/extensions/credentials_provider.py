"""The credentials provider of AWS IoT for MiniStack: part of the role alias extension of this project."""

import asyncio
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from .trust import is_trusted

SERVICE = "credentials.iot.amazonaws.com"
_REQUEST = re.compile(rb"GET /role-aliases/([\w=,@-]+)/credentials HTTP/1\.1\r\n")
_SECONDS_TO_ASK = 5
Alias = dict[str, Any]


async def serve(iot: Any, find_alias: Callable[[str], Alias | None], port: int) -> None:
    """Listen on loopback with the certificate of MiniStack's MQTT port, for certificates that it knows."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS_TO_ASK)
            peer = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.write(_answer(iot, find_alias, peer, request))
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # a peer that asks nothing gets nothing
        finally:
            writer.close()

    await asyncio.start_server(answer, "127.0.0.1", port, ssl=await iot._mtls_context())


def _answer(iot: Any, find_alias: Callable[[str], Alias | None], peer: bytes | None, request: bytes) -> bytes:
    from ministack.core.responses import request_scope

    asked = _REQUEST.match(request)
    owner = iot._mtls_resolve_identity(peer) if peer else None
    if not asked or owner is None:
        return _response(HTTPStatus.FORBIDDEN, {"message": "Access Denied"})
    account, region, _ = owner
    name = asked[1].decode()
    certificate_id = hashlib.sha256(peer or b"").hexdigest()
    action = "iot:AssumeRoleWithCertificate"
    allowed = iot._mqtt_policy_allows(account, region, certificate_id, {}, action, f"rolealias/{name}")
    with request_scope(account, region):
        alias = find_alias(name)
        if not allowed or alias is None or not is_trusted(SERVICE, alias["roleArn"], alias["roleAliasArn"]):
            return _response(HTTPStatus.FORBIDDEN, {"message": "Access Denied"})
        return _response(HTTPStatus.OK, {"credentials": _credentials(alias, account, certificate_id)})


def _credentials(alias: Alias, account: str, certificate_id: str) -> dict[str, str]:
    from ministack.services import sts

    role_name = alias["roleArn"].rpartition("/")[2]
    expiration = time.time() + alias["credentialDurationSeconds"]
    access_key, secret_key, token = (
        sts._gen_session_access_key(),
        secrets.token_hex(20),
        secrets.token_hex(60),
    )
    sts.register_session(
        access_key,
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{certificate_id}",
            "UserId": f"AROA:{certificate_id}",
            "SecretAccessKey": secret_key,
            "SessionToken": token,
            "Expiration": expiration,
            "AccountId": account,
            "PrincipalType": "AssumedRole",
            "SourceAccessKeyId": "",
            "SourcePrincipalArn": SERVICE,
            "SessionTags": [],
            "SessionPolicies": None,
        },
    )
    return {
        "accessKeyId": access_key,
        "secretAccessKey": secret_key,
        "sessionToken": token,
        "expiration": datetime.fromtimestamp(expiration, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _response(status: HTTPStatus, content: dict[str, Any]) -> bytes:
    body = json.dumps(content).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
