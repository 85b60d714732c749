"""The MQTT port listens where the APIs do: MiniStack opens it on every interface of the machine.

AWS has no equal of this: an emulator belongs to the machine that it runs on, and nobody else reaches it.
"""

import asyncio
import os
from typing import Any


def install(iot: Any) -> None:
    """Let the MQTT port listen on the host of the APIs; a port that is taken ends the emulator."""

    async def start_on_host() -> None:
        port = iot._mtls_port()
        if iot._mtls_server is None and port is not None:
            iot._mtls_loop = asyncio.get_running_loop()
            iot._mtls_server = await iot._mtls_loop.create_server(
                iot._MtlsAcceptor, host=os.environ["BIND_HOST"], port=port
            )

    iot._mtls_start_locked = start_on_host
