"""The list of devices that may register."""

from collections.abc import Callable, Sequence
from functools import cached_property, reduce

import jsii
from aws_cdk import IResolveContext, IStableStringProducer, Lazy, RemovalPolicy, Tags
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IValidation

from ..aws_iot.listed_device import PARTITION_KEY, ListedDevice
from ..aws_iot.rules.statements import as_list
from ..aws_iot.statements import Document
from ..fleet.choices import require_own_table
from ..fleet.custom_resources import LISTED_DEVICES
from ..fleet.function_roles import manage_batches_policy, register_devices_policy
from ..fleet.listed_devices import listed_devices_json, unmatched_devices
from ..fleet.pattern_tag import pattern_tag
from ..records.record import FORGET_AT
from .acknowledgements import Finding, acknowledge
from .caretaker import take_care
from .own_table import require_fitting_table
from .places import put
from .setting_types import checked

Check = Callable[[Sequence[ListedDevice]], list[str]]

TABLE_REASONS = {
    Finding.TABLE_OUTSIDE_BACKUP_PLAN: "point-in-time recovery is on; backup plans are the account's own"
}
AWS_KEY_REASONS = {
    Finding.TABLE_WITHOUT_CUSTOMER_KEY: "encrypted with AWS's own key; encryption_key sets one of yours"
}


class DeviceAllowList(Construct):
    """Define the table of devices that may register.

    A device is a record: ``serial_number`` and, if wanted, ``parameter_overrides``, ``expires_at`` and
    ``blocked``. The hook writes which certificate used the record up.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        table: Your own table with the partition key ``serial_number`` (string) and, so that items of
            certificates go after a day, the time to live attribute ``forget_at``; by default one is created:
            on demand, encrypted, with point-in-time recovery.
        encryption_key: A customer key of the created table; AWS's own by default.
        removal_policy: What happens to the created table when it leaves the stack; by default it is retained,
            unless the stack that was to create it is rolled back.

    Attributes:
        table_name: The name of the table.
        table_arn: The ARN of the table.
        encryption_key_arn: The ARN of the customer key of the table; none if AWS's own encrypts it.

    Raises:
        ValueError: If settings of a table are given together with ``table``, or if ``table`` has another key,
            account or Region, or replicas, as far as the app shows it.

    Example::

        devices = DeviceAllowList(self, "Devices")
        devices.add_devices([ListedDevice(serial_number="A-1")])
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        table: dynamodb.ITable | None = None,
        encryption_key: kms.IKey | None = None,
        removal_policy: RemovalPolicy | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_own_table(table, encryption_key, removal_policy)
        if table:
            require_fitting_table(self, table)
        self._own_table = table
        self._key = table.encryption_key if table else encryption_key
        if table:
            self.table_name, self.table_arn = table.table_name, table.table_arn
        else:
            self._resource = self._create_table(removal_policy or RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
            self.table_name, self.table_arn = self._resource.ref, self._resource.attr_arn
        self.encryption_key_arn = self._key.key_arn if self._key else None
        self._devices: list[ListedDevice] = []
        self._checks: list[Check] = []
        self._patterns: list[str] = []

    @cached_property
    def table(self) -> dynamodb.ITable:
        """The table."""
        return self._own_table or dynamodb.Table.from_table_attributes(
            self, "TableView", table_name=self.table_name, encryption_key=self._key
        )

    @checked
    def add_devices(self, devices: Sequence[ListedDevice]) -> None:
        """Declare devices in code: a few, such as those of a test bench.

        The records follow the code. What a device has used up is never reset: a device that
        leaves the code is deleted if it never registered and blocked if it did.

        Args:
            devices: At most 200 in all calls together, each serial number once.

        Raises:
            ValueError: If a serial number is declared twice or there are too many.
        """
        listed_devices_json([*self._devices, *devices])
        if not self._devices and devices:
            self._keep_in_step()
        self._devices.extend(devices)

    @property
    def devices(self) -> Sequence[ListedDevice]:
        """The devices that are declared in code so far."""
        return tuple(self._devices)

    def let_through(self, serial_number_pattern: str) -> None:
        """Note what a hook over this list lets through, as a tag of the table for ``devices import``.

        A table that is defined elsewhere gets none.

        Args:
            serial_number_pattern: The regular expression; devices that are declared in code have to match it.
        """
        self._patterns.append(serial_number_pattern)
        self.check_devices(lambda devices: unmatched_devices(devices, serial_number_pattern))
        tags = Tags.of(self._own_table or self._resource)
        for name, value in pattern_tag(self._patterns).items():
            tags.add(name, value, include_resource_types=["AWS::DynamoDB::Table"])

    def check_devices(self, check: Check) -> None:
        """Let devices that are declared in code be checked when the app is synthesised.

        Args:
            check: What is wrong with them, a text each.
        """
        self._checks.append(check)

    def grant_register(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody list, change and block devices, but neither delete them nor reset what was used up."""
        return self._grant(grantee, register_devices_policy(self.table_arn))

    def grant_manage_batches(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody open, change and close batches, but neither delete them nor count anew."""
        return self._grant(grantee, manage_batches_policy(self.table_arn))

    def _grant(self, grantee: iam.IGrantable, document: Document) -> iam.Grant:
        if self._key:
            self._key.grant_encrypt_decrypt(grantee)
        grants = [
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=as_list(statement["Action"]),
                resource_arns=[statement["Resource"]],
                conditions=statement.get("Condition"),
            )
            for statement in document["Statement"]
        ]
        return reduce(iam.Grant.combine, grants)

    def _keep_in_step(self) -> None:
        self.node.add_validation(_DevicesPass(self._devices, self._checks))
        take_care(
            self,
            "ListedDevices",
            LISTED_DEVICES,
            rights={"table_arn": self.table_arn, "encryption_key_arn": self.encryption_key_arn},
            properties={"TableName": self.table_name, "Devices": Lazy.string(_DevicesJson(self._devices))},
        )

    def _create_table(self, removal_policy: RemovalPolicy) -> dynamodb.CfnTable:
        resource = dynamodb.CfnTable
        table = resource(
            self,
            "Table",
            attribute_definitions=[
                resource.AttributeDefinitionProperty(attribute_name=PARTITION_KEY, attribute_type="S")
            ],
            key_schema=[resource.KeySchemaProperty(attribute_name=PARTITION_KEY, key_type="HASH")],
            billing_mode="PAY_PER_REQUEST",
            time_to_live_specification=resource.TimeToLiveSpecificationProperty(
                attribute_name=FORGET_AT, enabled=True
            ),
            point_in_time_recovery_specification=resource.PointInTimeRecoverySpecificationProperty(
                point_in_time_recovery_enabled=True
            ),
            sse_specification=resource.SSESpecificationProperty(
                sse_enabled=True,
                sse_type="KMS" if self._key else None,
                kms_master_key_id=self._key.key_arn if self._key else None,
            ),
        )
        table.apply_removal_policy(removal_policy)
        acknowledge(table, {**TABLE_REASONS, **({} if self._key else AWS_KEY_REASONS)})
        return table


@jsii.implements(IValidation)
class _DevicesPass:
    """Devices may be declared until the app is synthesised, so they are checked then."""

    def __init__(self, devices: list[ListedDevice], checks: list[Check]) -> None:
        self._devices = devices
        self._checks = checks

    def validate(self) -> list[str]:
        return [problem for check in self._checks for problem in check(self._devices)]


@jsii.implements(IStableStringProducer)
class _DevicesJson:
    def __init__(self, devices: list[ListedDevice]) -> None:
        self._devices = devices

    def produce(self, _context: IResolveContext | None = None) -> str:
        return listed_devices_json(self._devices)
