"""What AWS Panorama's ProvisionDevice accepts, as data.

AWS ended the support of Panorama on 2026-05-31: see ``END_OF_SUPPORT``.
"""

from .archive import PanoramaArchive
from .device import PanoramaDeviceRequest
from .end_of_support import END_OF_SUPPORT, END_OF_SUPPORT_WARNING
from .networking import (
    ConnectionType,
    EthernetPayload,
    NetworkPayload,
    NtpPayload,
    StaticIpConnectionInfo,
)

__all__ = [
    "END_OF_SUPPORT",
    "END_OF_SUPPORT_WARNING",
    "ConnectionType",
    "EthernetPayload",
    "NetworkPayload",
    "NtpPayload",
    "PanoramaArchive",
    "PanoramaDeviceRequest",
    "StaticIpConnectionInfo",
]
