"""The function behind the custom resources of IoTDA."""

from collections.abc import Callable
from typing import Any

from ...iotda.client import IotdaClient
from ..custom_resources.cloudformation import Outcome, respond
from . import device_ca, provisioning_template
from .instance import instance

_CONNECTION = ("ProjectId", "Region", "Endpoint", "InstanceId")
_RESOURCES: dict[str, Callable[[IotdaClient, dict[str, Any], bool], Outcome]] = {
    "Custom::IotdaProvisioningTemplate": provisioning_template.handle,
    "Custom::IotdaDeviceCa": device_ca.handle,
}


def handler(event: dict[str, Any], context: Any) -> None:
    """The function that CloudFormation invokes."""
    respond(event, context, handle)


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Carry out an event on the instance that it names."""
    properties = event["ResourceProperties"]
    before = event.get("OldResourceProperties", properties)
    is_new = event["RequestType"] == "Create" or _moved(before, properties)
    with instance(properties) as client:
        return _RESOURCES[event["ResourceType"]](client, event, is_new)


def _moved(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return any(before.get(name) != after.get(name) for name in _CONNECTION)
