"""The list of devices that may register."""

from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.listed_device import PARTITION_KEY, ListedDevice
from ..fleet.choices import require_own_table
from ..fleet.function_roles import manage_batches_policy, register_devices_policy
from ..fleet.listed_devices import listed_devices_json, unmatched_devices
from ..fleet.pattern_tag import pattern_tag
from ..pulumi_providers.listed_devices import ListedDevices
from ..records.record import FORGET_AT
from .documents import document_json
from .environment import environment_of
from .own_table import fitting_table_arn
from .settings import models_of, settings_of


class RemovalPolicy(StrEnum):
    """What happens to a resource that is not defined any more."""

    RETAIN = "RETAIN"
    """It stays, and is yours to delete."""
    DESTROY = "DESTROY"
    """It is deleted."""


class ListedDeviceArgs(TypedDict):
    """A device that may register."""

    serial_number: str
    """At most 128 characters of ASCII without spaces; it has to match the hook's
    ``serial_number_pattern``, by default letters, digits, ``_`` and ``-``."""
    parameter_overrides: NotRequired[dict[str, str]]
    """Template parameters that the list decides rather than the device, so that its groups, site or tenant
    can be trusted; none by default."""
    expires_at: NotRequired[int]
    """The second since 1970 (UTC) from which the device may not register any more; never by default."""
    batch_name: NotRequired[str]
    """The batch of the device, which has to be open for it to register; none by default, or the one that it
    proves to be of."""
    blocked: NotRequired[bool]
    """Whether the device may not register although it is listed; no by default."""


class DeviceAllowListArgs(TypedDict):
    """Settings of an allow list."""

    table: NotRequired[aws.dynamodb.Table]
    """Your own table with the partition key ``serial_number`` (string) and, so that items of certificates go
    after a day, the time to live attribute ``forget_at``; by default one is created: on demand, encrypted,
    with point-in-time recovery."""
    encryption_key: NotRequired[aws.kms.Key]
    """A customer key of the created table; AWS's own by default."""
    serial_number_pattern: NotRequired[str]
    """What the hook over this list lets through, so that ``devices`` and ``devices import`` are checked by
    it: a tag of the created table. Not known by default."""
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
        ValueError: If settings of a table are given together with ``table``, if ``table`` has another key,
            account or Region, or replicas, if a serial number is declared twice or there are too many.

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
    manage_batches_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets them open, change and close batches,
    but neither delete them nor count anew. If your own table has a customer key, allow that as
    well."""

    def __init__(
        self, name: str, args: DeviceAllowListArgs = DEFAULTS, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(DeviceAllowListArgs, args, name)
        super().__init__("device-provisioning:index:DeviceAllowList", name, {}, opts)
        require_own_table(args.get("table"), args.get("encryption_key"), args.get("removal_policy"))
        devices = models_of(ListedDevice, args.get("devices", []), "devices")
        pattern = args.get("serial_number_pattern")
        if problems := unmatched_devices(devices, pattern) if pattern is not None else []:
            raise ValueError("\n".join(problems))
        self.encryption_key = args.get("encryption_key")
        self.table = args.get("table") or self._create_table(
            name,
            args.get("removal_policy", RemovalPolicy.RETAIN),
            pattern_tag([pattern]) if pattern else None,
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
        self.table_arn = fitting_table_arn(self, self.table) if args.get("table") else self.table.arn
        key = self.encryption_key
        self.register_policy = document_json(
            register_devices_policy,
            table_arn=self.table_arn,
            encryption_key_arn=key.arn if key else None,
        )
        self.manage_batches_policy = document_json(
            manage_batches_policy,
            table_arn=self.table_arn,
            encryption_key_arn=key.arn if key else None,
        )
        self.register_outputs(
            {
                "tableName": self.table_name,
                "tableArn": self.table_arn,
                "registerPolicy": self.register_policy,
                "manageBatchesPolicy": self.manage_batches_policy,
            }
        )

    def _create_table(
        self, name: str, removal_policy: RemovalPolicy, tags: dict[str, str] | None
    ) -> aws.dynamodb.Table:
        key = self.encryption_key
        return aws.dynamodb.Table(
            f"{name}-table",
            attributes=[{"name": PARTITION_KEY, "type": "S"}],
            hash_key=PARTITION_KEY,
            tags=tags,
            billing_mode="PAY_PER_REQUEST",
            ttl={"attribute_name": FORGET_AT, "enabled": True},
            point_in_time_recovery={"enabled": True},
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=key.arn if key else None
            ),
            opts=pulumi.ResourceOptions(
                parent=self, retain_on_delete=removal_policy is not RemovalPolicy.DESTROY
            ),
        )
