"""Requests and answers in CBOR, which MiniStack leaves unanswered: it knows the topics that end in ``json``.

https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
"""

import json
from typing import Any

import cbor2

_JSON, _CBOR = "/json", "/cbor"


def install(iot: Any) -> None:
    """Translate between CBOR and JSON for every operation that the emulator has by now."""
    parse, reply = iot._parse_fleet_provisioning_topic, iot._fleet_provisioning_reply

    def parse_with_cbor(topic: str) -> Any:
        if not topic.endswith(_CBOR):
            return parse(topic)
        parsed = parse(topic.removesuffix(_CBOR) + _JSON)
        return parsed and (parsed[0] + _CBOR, parsed[1])

    async def reply_in_cbor(
        account: str, region: str, operation: str, template: str | None, payload: bytes, connection: Any
    ) -> Any:
        if not operation.endswith(_CBOR):
            return await reply(account, region, operation, template, payload, connection)
        operation, given = operation.removesuffix(_CBOR), _as_json(payload)
        kind, document = await reply(account, region, operation, template, given, connection)
        return kind, cbor2.dumps(document)

    iot._parse_fleet_provisioning_topic = parse_with_cbor
    iot._fleet_provisioning_reply = reply_in_cbor


def _as_json(payload: bytes) -> bytes:
    """The same in JSON; nothing, which no operation can parse, if it is not CBOR or has no equal in JSON."""
    try:
        return json.dumps(cbor2.loads(payload)).encode()
    except (cbor2.CBORDecodeError, TypeError, ValueError):
        return b""
