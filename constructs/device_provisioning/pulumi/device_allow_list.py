"""The list of devices that may register."""

from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.choices import require_own_table
from ..aws_iot.function_roles import register_devices_policy
from ..aws_iot.listed_device import PARTITION_KEY, ListedDevice, listed_devices_json
from ..pulumi_providers.listed_devices import ListedDevices
from .documents import document_json
from .environment import environment_of


class RemovalPolicy(StrEnum):
    """What happens to a resource that is not defined any more."""

    RETAIN = "RETAIN"
    """It stays, and is yours to delete."""
    DESTROY = "DESTROY"
    """It is deleted."""


class ListedDeviceArgs(TypedDict):
    """A device that may register."""

    serial_number: str
    """Letters, digits, ``_`` and ``-``, at most 128."""
    parameter_overrides: NotRequired[dict[str, str]]
    """Template parameters that the list decides rather than the device; none by default."""
    expires_at: NotRequired[int]
    """The second since 1970 (UTC) from which the device may not register any more; never by default."""
    blocked: NotRequired[bool]
    """Whether the device may not register although it is listed; no by default."""


class DeviceAllowListArgs(TypedDict):
    """Settings of an allow list."""

    table: NotRequired[aws.dynamodb.Table]
    """Your own table with the partition key ``serial_number`` (string); by default one is created: on
    demand, encrypted, with point-in-time recovery."""
    encryption_key: NotRequired[aws.kms.Key]
    """A customer key of the created table; AWS's own by default."""
    removal_policy: NotRequired[RemovalPolicy]
    """What happens to the created table when it is not defined any more; it is retained by default."""
    devices: NotRequired[list[ListedDeviceArgs]]
    """A few devices declared in code, such as those of a test bench, at most 200, each serial number
    once; none by default. What a device has used up is never reset: a device that leaves the code is
    deleted if it never registered and blocked if it did."""


DEFAULTS = DeviceAllowListArgs()


class DeviceAllowList(pulumi.ComponentResource):
    """Define the table of devices that may register.

    A device is a record: ``serial_number`` and, if wanted, ``parameter_overrides``, ``expires_at`` and
    ``blocked``. The hook writes which certificate used the record up.

    Args:
        name: The name of the resource.
        args: The settings; all may be left out.
        opts: Options of the resource.

    Attributes:
        encryption_key: The customer key of the table; none by default.
        table: The table.

    Raises:
        ValueError: If settings of a table are given together with ``table``, if a serial number is declared
            twice or there are too many.

    Example::

        DeviceAllowList("devices", {"devices": [{"serial_number": "A-1"}]})
    """

    table_name: pulumi.Output[str]
    """The name of the table."""
    table_arn: pulumi.Output[str]
    """The ARN of the table."""
    register_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets them list, change and block devices,
    but neither delete them nor reset what was used up. If your own table has a customer key, allow that as
    well."""

    def __init__(
        self, name: str, args: DeviceAllowListArgs = DEFAULTS, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("device-provisioning:index:DeviceAllowList", name, {}, opts)
        require_own_table(args.get("table"), args.get("encryption_key"), args.get("removal_policy"))
        devices = [ListedDevice(**device) for device in args.get("devices", [])]
        self.encryption_key = args.get("encryption_key")
        self.table = args.get("table") or self._create_table(
            name, args.get("removal_policy", RemovalPolicy.RETAIN)
        )
        if devices:
            ListedDevices(
                f"{name}-listed-devices",
                table_name=self.table.name,
                devices=listed_devices_json(devices),
                environment=environment_of(self),
                parent=self,
            )
        self.table_name = self.table.name
        self.table_arn = self.table.arn
        key = self.encryption_key
        self.register_policy = document_json(
            register_devices_policy,
            table_arn=self.table_arn,
            encryption_key_arn=key.arn if key else None,
        )
        self.register_outputs(
            {
                "tableName": self.table_name,
                "tableArn": self.table_arn,
                "registerPolicy": self.register_policy,
            }
        )

    def _create_table(self, name: str, removal_policy: RemovalPolicy) -> aws.dynamodb.Table:
        key = self.encryption_key
        return aws.dynamodb.Table(
            f"{name}-table",
            attributes=[{"name": PARTITION_KEY, "type": "S"}],
            hash_key=PARTITION_KEY,
            billing_mode="PAY_PER_REQUEST",
            point_in_time_recovery={"enabled": True},
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=key.arn if key else None
            ),
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=removal_policy == RemovalPolicy.RETAIN),
        )
