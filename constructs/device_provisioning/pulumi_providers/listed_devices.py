"""Devices that are declared in code, kept in step with the allow list."""

import json
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, UpdateResult

from ..aws_iot.environment import Environment
from ..aws_iot.listed_device import PARTITION_KEY
from ..lambdas.custom_resources.listed_devices import Table
from .account import AccountProvider, difference, place


class ListedDevicesProvider(AccountProvider):
    """Write what is declared, take out what is not declared any more."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Another table gets records of its own."""
        return difference(_olds, _news, replacing=("table_name",))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Write every device."""
        self._table(props).declare(_devices(props), {})
        return CreateResult(f"{props['table_name']}/listed-devices", dict(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Write devices that are new or changed, and take out those that have left the code."""
        self._table(_news).declare(_devices(_news), _devices(_olds))
        return UpdateResult(dict(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take every device out."""
        self._table(_props).take_out_all(_devices(_props))

    def _table(self, properties: dict[str, Any]) -> Table:
        return Table(self.client("dynamodb", properties), properties["table_name"])


class ListedDevices(Resource, module="device-provisioning", name="ListedDevices"):
    """Records of an allow list.

    Args:
        name: The name of the resource.
        table_name: The table.
        devices: The devices as JSON text.
        environment: Where the table is.
        parent: The component above.
    """

    def __init__(
        self,
        name: str,
        *,
        table_name: pulumi.Input[str],
        devices: str,
        environment: pulumi.Output[Environment],
        parent: pulumi.Resource,
    ) -> None:
        properties = {"table_name": table_name, "devices": devices, **place(environment)}
        super().__init__(ListedDevicesProvider(), name, properties, pulumi.ResourceOptions(parent=parent))


def _devices(properties: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {device[PARTITION_KEY]: device for device in json.loads(properties["devices"])}
