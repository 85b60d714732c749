"""The instance of IoTDA that a dynamic provider works on."""

import os
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import ConfigureRequest, ResourceProvider

from ..iotda.client import AccessKey, Connection, Credentials, IotdaClient, Token
from .reasons import Reason

PLACE = ("project_id", "region", "endpoint", "instance_id")
_KEY = ("ak", "sk", "security_token")
_CONFIGURATION = {"ak": "accessKey", "sk": "secretKey", "security_token": "securityToken", "token": "token"}


def place(instance: Mapping[str, Any]) -> dict[str, pulumi.Input[str]]:
    """The properties that say where a resource is."""
    return {name: instance.get(name) or "" for name in PLACE}


class InstanceProvider(ResourceProvider):
    """A provider that asks with the credentials of the stack's configuration, or of the environment.

    They are in no property of a resource, so a rotated key changes none. The engine itself keeps the stack's
    configuration in its state, secrets encrypted; what the environment holds is in no state at all.
    """

    serialize_as_secret_always = False
    configured: dict[str, str] | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Take ``huaweicloud:accessKey`` and ``huaweicloud:secretKey``, or ``huaweicloud:token``."""
        found = {name: req.config.get(f"huaweicloud:{key}") for name, key in _CONFIGURATION.items()}
        self.configured = {name: value for name, value in found.items() if value}

    def client(self, properties: Mapping[str, Any]) -> IotdaClient:
        """A client of the instance of a resource; it has to be closed.

        Raises:
            ValueError: If there are no credentials, or the instance can't be one.
        """
        connection = Connection(
            project_id=properties["project_id"],
            region=properties["region"] or None,
            endpoint=properties["endpoint"] or None,
            instance_id=properties["instance_id"] or None,
        )
        return IotdaClient(connection, _credentials(self.configured or _of_environment()))


def _of_environment() -> dict[str, str]:
    # The names are those of the vendor's SDK.
    found = {name: os.environ.get(f"HUAWEICLOUD_SDK_{name.upper()}") for name in _KEY}
    return {name: value for name, value in found.items() if value}


def _credentials(values: Mapping[str, str]) -> Credentials:
    if "token" in values:
        return Token(values["token"])
    if {"ak", "sk"} <= values.keys():
        return AccessKey(**{name: values[name] for name in _KEY if name in values})
    raise ValueError(Reason.NO_CREDENTIALS)
