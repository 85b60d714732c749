"""The list of devices that may register."""

from collections.abc import Callable, Sequence

import jsii
from aws_cdk import IResolveContext, IStableStringProducer, Lazy, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IValidation

from ..aws_iot.choices import require_own_table
from ..aws_iot.function_roles import listed_devices_policy, register_devices_policy
from ..aws_iot.listed_device import PARTITION_KEY, ListedDevice, listed_devices_json
from .acknowledgements import Finding, acknowledge
from .durations import minutes
from .environment import environment_of
from .library_function import LibraryFunction

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
        table: Your own table with the partition key ``serial_number`` (string); by default one is created:
            on demand, encrypted, with point-in-time recovery.
        encryption_key: A customer key of the created table; AWS's own by default.
        removal_policy: What happens to the created table when it leaves the stack; by default it is retained,
            unless the stack that was to create it is rolled back.

    Raises:
        ValueError: If settings of a table are given together with ``table``.

    Example::

        devices = DeviceAllowList(self, "Devices")
        devices.add_devices([ListedDevice(serial_number="A-1")])
    """

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
        require_own_table(table, encryption_key, removal_policy)
        self.table: dynamodb.ITable = table or dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name=PARTITION_KEY, type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            encryption=_encryption(encryption_key),
            encryption_key=encryption_key,
            removal_policy=removal_policy or RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        if not table:
            acknowledge(self.table, {**TABLE_REASONS, **({} if encryption_key else AWS_KEY_REASONS)})
        self._devices: list[ListedDevice] = []
        self._checks: list[Check] = []

    def add_devices(self, devices: Sequence[ListedDevice]) -> None:
        """Declare devices in code: a few, such as those of a test bench.

        The records are kept in step with the code. What a device has used up is never reset: a device that
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

    def check_devices(self, check: Check) -> None:
        """Let devices that are declared in code be looked at when the app is synthesised.

        Args:
            check: What is wrong with them, a text each.
        """
        self._checks.append(check)

    def grant_register(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody list, change and block devices, but neither delete them nor reset what was used up."""
        [statement] = register_devices_policy(self.table.table_arn)["Statement"]
        if key := self.table.encryption_key:
            key.grant_encrypt_decrypt(grantee)
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[statement["Action"]],
            resource_arns=[statement["Resource"]],
            conditions=statement["Condition"],
        )

    def _keep_in_step(self) -> None:
        self.node.add_validation(_DevicesPass(self._devices, self._checks))
        key = self.table.encryption_key
        function = LibraryFunction(
            self,
            "ListedDevicesFunction",
            handler="custom_resources.listed_devices.handler",
            policy=lambda log_group_name: listed_devices_policy(
                self.table.table_arn,
                log_group_name,
                environment_of(self),
                key.key_arn if key else None,
            ),
            description="Keeps the devices that are declared in code in step with the allow list",
            timeout=minutes(2),
            max_event_age=minutes(3),
        )
        function.custom_resource(
            self,
            "ListedDevices",
            resource_type="Custom::ListedDevices",
            properties={
                "TableName": self.table.table_name,
                "Devices": Lazy.string(_DevicesJson(self._devices)),
            },
            service_timeout=minutes(5),
        )


@jsii.implements(IValidation)
class _DevicesPass:
    """Devices may be declared until the app is synthesised, so they are looked at then."""

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


def _encryption(key: kms.IKey | None) -> dynamodb.TableEncryption:
    return dynamodb.TableEncryption.CUSTOMER_MANAGED if key else dynamodb.TableEncryption.AWS_MANAGED
