"""DeleteConnection closes a client's connection; MiniStack knows no such operation.

What it answers for a client that is not connected is documented nowhere but for the code: not found.

https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_DeleteConnection.html
"""

from contextlib import suppress
from typing import Any
from urllib.parse import unquote

PATH = "/connections/"
ADMINISTRATIVE_ACTION = 0x98
"""https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html#_Toc3901208"""


def install(iot: Any) -> None:
    """Let a client be disconnected by its id."""
    from ministack.services import iot_data

    handle = iot_data.handle_request

    async def handle_connections(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method != "DELETE" or not path.startswith(PATH):
            return await handle(method, path, headers, body, query)
        client_id = unquote(path.removeprefix(PATH))
        place = (iot.get_account_id(), iot.get_region(), client_id)
        session = iot._connected_clients.get(place)
        if session is None:
            return iot.error_response_json("ResourceNotFoundException", f"{client_id} is not connected", 404)
        await _close(iot, session)
        return iot.json_response({})

    iot_data.handle_request = handle_connections


async def _close(iot: Any, session: Any) -> None:
    """As MiniStack closes the connection of a client whose id another one takes."""
    session._forced_disconnect_reason = "API_INITIATED_DISCONNECT"
    with suppress(Exception):
        if session.protocol_version == iot.MQTT_5:
            await session.send_bytes(iot._make_disconnect(ADMINISTRATIVE_ACTION))
        await session._send({"type": "websocket.close", "code": 1000})
    await session.cleanup()
