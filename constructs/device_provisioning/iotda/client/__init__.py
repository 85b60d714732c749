"""A client of IoTDA over the vendor's SDK: ``pip install 'device-provisioning[iotda]'``.

This folder also runs in Lambda, so it needs nothing but the standard library and the SDK.
"""

from .client import IotdaClient
from .connection import Connection
from .credentials import AccessKey, Credentials, Token, credentials_of
from .device_cas import CertificateIdentity, DeviceCas
from .errors import ConflictError, IotdaError, LimitReachedError, NoAnswerError
from .templates import Templates, is_same_body

__all__ = [
    "AccessKey",
    "CertificateIdentity",
    "ConflictError",
    "Connection",
    "Credentials",
    "DeviceCas",
    "IotdaClient",
    "IotdaError",
    "LimitReachedError",
    "NoAnswerError",
    "Templates",
    "Token",
    "credentials_of",
    "is_same_body",
]
