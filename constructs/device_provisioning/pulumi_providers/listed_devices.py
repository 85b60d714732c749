"""Devices that are declared in code, synchronised with the allow list."""

import json
from collections.abc import Mapping

import pulumi
from botocore.exceptions import ClientError
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, UpdateResult

from ..aws_iot.environment import Environment
from ..aws_iot.listed_device import PARTITION_KEY
from ..lambdas.custom_resources.certificates import GONE, is_error
from ..lambdas.custom_resources.cloudformation import Failed
from ..lambdas.custom_resources.listed_devices import Device, Table, devices_of
from .account import AccountProvider, Properties, difference, place
from .reasons import Reason


class ListedDevicesProvider(AccountProvider):
    """Write what is declared, take out what is not declared any more."""

    def diff(self, _id: str, _olds: Properties, _news: Properties) -> DiffResult:
        """Another table gets records of its own."""
        return difference(_olds, _news, replacing=("table_name",))

    def create(self, props: Properties) -> CreateResult:
        """Write every device."""
        self._declare(props, {})
        return CreateResult(f"{props['table_name']}/listed-devices", dict(props))

    def update(self, _id: str, _olds: Properties, _news: Properties) -> UpdateResult:
        """Write devices that are new or changed, and take out those that have left the code."""
        self._declare(_news, devices_of(_olds["devices"]))
        return UpdateResult(dict(_news))

    def read(self, id_: str, props: Properties) -> ReadResult:
        """Look what the table says by now of what is declared; what else it says is the operators'."""
        declared = json.loads(props["devices"])
        try:
            listed = self._table(props).listed(device[PARTITION_KEY] for device in declared)
        except ClientError as error:
            if is_error(error, GONE):
                return ReadResult("", {})
            raise
        found = [
            _as_declared(device, listed[device[PARTITION_KEY]])
            for device in declared
            if device[PARTITION_KEY] in listed
        ]
        read = props if found == declared else {**props, "devices": json.dumps(found, separators=(",", ":"))}
        return ReadResult(id_, dict(read), inputs=dict(read))

    def delete(self, _id: str, _props: Properties) -> None:
        """Take every device out."""
        self._table(_props).take_out_all(devices_of(_props["devices"]))

    def _declare(self, properties: Properties, before: Mapping[str, Device]) -> None:
        """Write what is declared; when that fails, the table again says of it what it said.

        Pulumi knows nothing of devices that a failed call wrote: once they left the code, they would stay.
        """
        table, devices = self._table(properties), devices_of(properties["devices"])
        found = table.listed(devices)
        try:
            table.declare(devices, before)
        except Failed as cause:
            try:
                table.declare(found, devices)
            except Failed as error:
                reason = Reason.DEVICES_NOT_TAKEN_BACK.format(cause=cause, error=error)
                raise RuntimeError(reason) from cause
            raise

    def _table(self, properties: Properties) -> Table:
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


def _as_declared(declared: Device, listed: Device) -> Device:
    """What the table says of the fields that are declared."""
    return {name: listed[name] for name in declared if name in listed}
