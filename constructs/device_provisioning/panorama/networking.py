"""The network of a Panorama device, in the words of its API.

https://docs.aws.amazon.com/panorama/latest/api/API_NetworkPayload.html
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from ..aws_iot.unresolved import Unresolved


class ConnectionType(StrEnum):
    """How an Ethernet interface gets its address."""

    STATIC_IP = "STATIC_IP"
    DHCP = "DHCP"


class Payload(BaseModel):
    """A part of the request; what it holds is checked with the whole request, to report all at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    api_names: ClassVar[Mapping[str, str]]

    def document(self) -> dict[str, Any]:
        """The part as the JSON of the API."""
        values = {name: getattr(self, field) for field, name in self.api_names.items()}
        return {name: _plain(value) for name, value in values.items() if value is not None}


class StaticIpConnectionInfo(Payload):
    """A static address.

    Args:
        ip_address: IPv4, with a port if wanted, as ``10.2.0.9``.
        mask: IPv4, as ``255.255.255.0``.
        default_gateway: IPv4.
        dns: Addresses of name servers; may be empty.

    Raises:
        pydantic.ValidationError: If one is missing, or a setting is unknown.
    """

    api_names = {
        "ip_address": "IpAddress",
        "mask": "Mask",
        "default_gateway": "DefaultGateway",
        "dns": "Dns",
    }
    ip_address: str
    mask: str
    default_gateway: str
    dns: tuple[str, ...]


class EthernetPayload(Payload):
    """An Ethernet interface.

    Args:
        connection_type: ``DHCP``, or ``STATIC_IP`` with ``static_ip_connection_info``.
        static_ip_connection_info: The static address; none by default.

    Raises:
        pydantic.ValidationError: If the type is another one, or a setting is unknown.
    """

    api_names = {
        "connection_type": "ConnectionType",
        "static_ip_connection_info": "StaticIpConnectionInfo",
    }
    connection_type: ConnectionType | Unresolved
    static_ip_connection_info: StaticIpConnectionInfo | None = None


class NtpPayload(Payload):
    """Time servers.

    Args:
        ntp_servers: Up to 5: lower-case host names with a dot, or IPv4 with a port if wanted.

    Raises:
        pydantic.ValidationError: If they are missing, or a setting is unknown.
    """

    api_names = {"ntp_servers": "NtpServers"}
    ntp_servers: tuple[str, ...]


class NetworkPayload(Payload):
    """The network of a device.

    Args:
        ethernet0: The first interface; the device's own default by default.
        ethernet1: The second interface; the device's own default by default.
        ntp: Time servers; the device's own by default.

    Raises:
        pydantic.ValidationError: If a setting is unknown.
    """

    api_names = {"ethernet0": "Ethernet0", "ethernet1": "Ethernet1", "ntp": "Ntp"}
    ethernet0: EthernetPayload | None = None
    ethernet1: EthernetPayload | None = None
    ntp: NtpPayload | None = None


def _plain(value: Any) -> Any:
    if isinstance(value, Payload):
        return value.document()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, ConnectionType) else value
