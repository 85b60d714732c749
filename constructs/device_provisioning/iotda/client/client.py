"""The client."""

from types import TracebackType
from typing import Self

from .connection import Connection
from .credentials import Credentials
from .device_cas import DeviceCas
from .sdk import Sdk
from .templates import Templates


class IotdaClient:
    """Ask an instance of IoTDA, over the vendor's SDK.

    Calls that are answered with 429 or 5xx are repeated, with growing pauses; nothing else is.

    Args:
        connection: Where the instance is.
        credentials: Who asks: an ``AccessKey`` or a ``Token``.

    Attributes:
        device_cas: The device CA certificates of the instance.
        templates: The templates of the instance.

    Raises:
        ImportError: If the extra ``iotda`` is not installed.
        ValueError: If the Region is unknown and there is no endpoint.

    Example::

        connection = Connection(project_id="…", region="cn-north-4", endpoint="….myhuaweicloud.com")
        with IotdaClient(connection, AccessKey(ak, sk)) as client:
            client.templates.create("pumps", body.document)
    """

    def __init__(self, connection: Connection, credentials: Credentials) -> None:
        self._sdk = Sdk(connection, credentials)
        self.device_cas = DeviceCas(self._sdk)
        self.templates = Templates(self._sdk, self.device_cas)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._sdk.close()
