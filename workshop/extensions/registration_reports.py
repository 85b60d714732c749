"""The reports of registration tasks, and the links to them: part of the registration task extension.

Whoever has a link can read its report, without credentials, over HTTPS. Where AWS IoT keeps reports and what
their lines look like is documented nowhere: the lines are RegisterThing's answers and refusals.

https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingRegistrationTaskReports.html
https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html
"""

import asyncio
import json
import re
import secrets
import ssl
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

HOST = "localhost"
_REQUEST = re.compile(rb"GET /reports\?X-Amz-Signature=([0-9a-f]+) HTTP/1\.1\r\n")
_SECONDS_TO_ASK = 5
Line = Mapping[str, Any]


class Reports:
    """Reports by the signatures of their links.

    Args:
        port: Where they are fetched.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._contents: dict[bytes, bytes] = {}

    def links(self, lines: Iterable[Line]) -> list[str]:
        """The links of a report; none if it has no lines."""
        content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        if not content:
            return []
        signature = secrets.token_hex(32)
        self._contents[signature.encode()] = content
        return [f"https://{HOST}:{self._port}/reports?X-Amz-Signature={signature}"]

    async def serve(self, iot: Any) -> None:
        """Listen on loopback with the certificate of MiniStack's MQTT port, for whoever has a link."""
        context = await asyncio.to_thread(iot._mtls_build_ssl_context)
        context.verify_mode = ssl.CERT_NONE
        await asyncio.start_server(self._answer, "127.0.0.1", self._port, ssl=context)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS_TO_ASK)
            writer.write(self._response(request))
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # a peer that asks nothing gets nothing
        finally:
            writer.close()

    def _response(self, request: bytes) -> bytes:
        asked = _REQUEST.match(request)
        content = self._contents.get(asked[1]) if asked else None
        status, body = (HTTPStatus.FORBIDDEN, b"") if content is None else (HTTPStatus.OK, content)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body
