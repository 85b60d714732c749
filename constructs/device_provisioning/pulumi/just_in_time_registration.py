"""Devices that are registered when they connect for the first time, if a list lets them."""

from functools import partial
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..aws_iot.certificate_mode import CertificateMode
from ..aws_iot.statements import encrypted_connections_only
from ..fleet.alarms import DEAD_LETTER_QUEUE_ALARM, REGISTRATION_ALARM
from ..fleet.functions import REGISTRATION
from ..fleet.registration_settings import (
    DEAD_LETTER_RETENTION_DAYS,
    DEFAULT_REVOCATION_LIST_KEY,
    require_revocation_list,
)
from .alarms import metric_alarms
from .certificate_authority import CertificateAuthority, CertificateAuthorityArgs
from .device_allow_list import DeviceAllowList, DeviceAllowListArgs, ListedDeviceArgs
from .device_policy import DevicePolicy
from .documents import document_json, given, now_or_later
from .library_function import LOG_RETENTION_DAYS, LibraryFunction
from .registration_rule import registration_rule
from .settings import settings_of

SECONDS_A_DAY = 24 * 60 * 60


class JustInTimeRegistrationArgs(TypedDict):
    """Settings of just-in-time registration."""

    ca_certificate_pem: pulumi.Input[str]
    """The CA's certificate in PEM, never its key."""
    thing_name_prefix: pulumi.Input[str]
    """What the common names of devices begin with, which are the names of their things: the function can
    touch no other things. An empty one is allowed and lets it touch all things."""
    verification_certificate_pem: NotRequired[pulumi.Input[str]]
    """A certificate that the CA issued to your account's registration code; for ``DEFAULT`` mode only."""
    certificate_mode: NotRequired[CertificateMode]
    """``DEFAULT`` with a verification certificate, ``SNI_ONLY`` without one, by default."""
    active: NotRequired[pulumi.Input[bool]]
    """Whether the CA's devices are accepted; yes by default."""
    device_allow_list: NotRequired[aws.dynamodb.Table]
    """The table of the devices that may register, by common name, ``table`` of a ``DeviceAllowList``;
    created by default."""
    devices: NotRequired[list[ListedDeviceArgs]]
    """A few devices declared in code; none by default."""
    encryption_key: NotRequired[aws.kms.Key]
    """The customer key of that table: the one that yours has, or the one that the created one gets; AWS's
    own by default."""
    revocation_list_bucket: NotRequired[aws.s3.Bucket]
    """The bucket of the CA's revocation list; none by default, and then no certificate counts as revoked."""
    revocation_list_key: NotRequired[pulumi.Input[str]]
    """The list's key, PEM or DER; ``revoked.pem`` by default. While it is missing, out of date or not signed
    by the CA, no device registers."""
    revocation_list_encryption_key: NotRequired[aws.kms.Key]
    """The customer key of that bucket, if it has one."""
    device_policy: NotRequired[aws.iot.Policy]
    """The policy of the devices, ``resource`` of a ``DevicePolicy``; created by default, for a device's own
    topics."""
    dead_letter_queue: NotRequired[aws.sqs.Queue]
    """Where events go that could not be handled; created by default."""
    dead_letter_queue_encryption_key: NotRequired[aws.kms.Key]
    """The customer key of that queue, if it has one."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the CA; none by default."""
    log_retention_days: NotRequired[pulumi.Input[int]]
    """How long decisions are kept in the log; a year by default."""
    alarm_actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of what the alarms do; none are made by default."""


class JustInTimeRegistration(pulumi.ComponentResource):
    """Define just-in-time registration: a CA, a topic rule, and a function that decides by lists.

    A device connects with a certificate that the CA signed. AWS IoT keeps it pending, drops the connection
    and publishes an event. The function lets it through once, if its common name is on the allow list and its
    certificate is not on the CA's signed revocation list: it makes the thing, attaches the device policy, and
    activates the certificate at last. The device connects again.

    A denied device is logged and stays pending; it may be listed later. When something fails, what was begun
    is undone, and the event is delivered again and then to the dead-letter queue.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        device_allow_list: The devices that may register.
        dead_letter_queue: Where events go that fail to the end.
        certificate_authority: The CA.
        function: The function that decides.
        rule: The topic rule that invokes it.
        alarms: The alarms, none without ``alarm_actions``.

    Raises:
        ValueError: If a certificate is none, or mode and verification certificate contradict each other.

    Example::

        pem = Path("ca.pem").read_text()
        JustInTimeRegistration("pumps", {"ca_certificate_pem": pem, "thing_name_prefix": "pump-"})
    """

    certificate_id: pulumi.Output[str]
    """The id of the CA's certificate."""
    device_allow_list_table_name: pulumi.Output[str]
    """The name of the table of devices that may register."""
    register_policy: pulumi.Output[str]
    """A policy document as JSON, for a role or user of yours: it lets them list, change and block devices,
    but neither delete them nor reset what was used up."""
    device_policy_name: pulumi.Output[str]
    """The name of the policy that devices get."""
    dead_letter_queue_url: pulumi.Output[str]
    """The URL of the queue of events that could not be handled."""
    function_name: pulumi.Output[str]
    """The name of the function that decides."""

    def __init__(
        self, name: str, args: JustInTimeRegistrationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(JustInTimeRegistrationArgs, args, name)
        super().__init__("device-provisioning:index:JustInTimeRegistration", name, {}, opts)
        now_or_later(
            partial(require_revocation_list, args.get("revocation_list_bucket")), key=_list_key(args)
        )
        self._device_policy = self._device_policy_of(name, args)
        self.device_policy_name = self._device_policy.name
        self.device_allow_list = self._create_allow_list(name, args)
        self.device_allow_list_table_name = self.device_allow_list.table_name
        self.register_policy = self.device_allow_list.register_policy
        self.dead_letter_queue = args.get("dead_letter_queue") or self._create_queue(name)
        self.dead_letter_queue_url = self.dead_letter_queue.url
        self.certificate_authority = self._create_authority(name, args)
        self.certificate_id = self.certificate_authority.certificate_id
        registration = self._create_function(name, args)
        self.function = registration.function
        self.function_name = self.function.name
        self.rule = registration_rule(
            name,
            parent=self,
            certificate_id=self.certificate_id,
            registration=registration,
            dead_letter_queue=self.dead_letter_queue,
            dead_letter_queue_key=args.get("dead_letter_queue_encryption_key"),
        )
        self.alarms = self._create_alarms(name, args)
        self.register_outputs(
            {
                "certificateId": self.certificate_id,
                "deviceAllowListTableName": self.device_allow_list_table_name,
                "registerPolicy": self.register_policy,
                "devicePolicyName": self.device_policy_name,
                "deadLetterQueueUrl": self.dead_letter_queue_url,
                "functionName": self.function_name,
            }
        )

    def _own(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _device_policy_of(self, name: str, args: JustInTimeRegistrationArgs) -> aws.iot.Policy:
        return args.get("device_policy") or DevicePolicy(f"{name}-device-policy", opts=self._own()).resource

    def _create_allow_list(self, name: str, args: JustInTimeRegistrationArgs) -> DeviceAllowList:
        table = args.get("device_allow_list")
        settings = given(
            table=table,
            encryption_key=None if table else args.get("encryption_key"),
            devices=args.get("devices"),
        )
        return DeviceAllowList(f"{name}-device-allow-list", cast(DeviceAllowListArgs, settings), self._own())

    def _create_queue(self, name: str) -> aws.sqs.Queue:
        queue = aws.sqs.Queue(
            f"{name}-dead-letter-queue",
            message_retention_seconds=DEAD_LETTER_RETENTION_DAYS * SECONDS_A_DAY,
            sqs_managed_sse_enabled=True,
            opts=self._own(),
        )
        aws.sqs.QueuePolicy(
            f"{name}-dead-letter-queue-policy",
            queue_url=queue.url,
            policy=document_json(encrypted_connections_only, service="sqs", resources=[queue.arn]),
            opts=self._own(),
        )
        return queue

    def _create_authority(self, name: str, args: JustInTimeRegistrationArgs) -> CertificateAuthority:
        settings: Any = given(
            certificate_pem=args["ca_certificate_pem"],
            verification_certificate_pem=args.get("verification_certificate_pem"),
            certificate_mode=args.get("certificate_mode"),
            active=args.get("active"),
            automatic_registration=True,
            tags=args.get("tags"),
        )
        return CertificateAuthority(
            f"{name}-authority", cast(CertificateAuthorityArgs, settings), self._own()
        )

    def _create_function(self, name: str, args: JustInTimeRegistrationArgs) -> LibraryFunction:
        bucket = args.get("revocation_list_bucket")
        return LibraryFunction(
            f"{name}-registration",
            REGISTRATION,
            rights=self._rights(args),
            environment=REGISTRATION.variables(
                table_name=self.device_allow_list_table_name,
                ca_certificate=args["ca_certificate_pem"],
                ca_certificate_id=self.certificate_id,
                policy_name=self.device_policy_name,
                thing_name_prefix=args["thing_name_prefix"],
                revocation_list_bucket=bucket.bucket if bucket else None,
                revocation_list_key=_list_key(args),
            ),
            log_retention_days=args.get("log_retention_days", LOG_RETENTION_DAYS),
            dead_letter_queue=self.dead_letter_queue,
            opts=self._own(),
        )

    def _rights(self, args: JustInTimeRegistrationArgs) -> dict[str, pulumi.Input[str] | None]:
        bucket, bucket_key = args.get("revocation_list_bucket"), args.get("revocation_list_encryption_key")
        table_key, queue_key = args.get("encryption_key"), args.get("dead_letter_queue_encryption_key")
        return {
            "thing_name_prefix": args["thing_name_prefix"],
            "table_arn": self.device_allow_list.table_arn,
            "table_key_arn": table_key.arn if table_key else None,
            "dead_letter_queue_arn": self.dead_letter_queue.arn,
            "dead_letter_queue_key_arn": queue_key.arn if queue_key else None,
            "revocation_list_arn": pulumi.Output.concat(bucket.arn, "/", _list_key(args)) if bucket else None,
            "revocation_list_key_arn": bucket_key.arn if bucket_key else None,
        }

    def _create_alarms(self, name: str, args: JustInTimeRegistrationArgs) -> list[aws.cloudwatch.MetricAlarm]:
        of_function, of_queue = (
            {"FunctionName": self.function_name},
            {"QueueName": self.dead_letter_queue.name},
        )
        watched = [
            (REGISTRATION_ALARM, "AWS/Lambda", of_function),
            (DEAD_LETTER_QUEUE_ALARM, "AWS/SQS", of_queue),
        ]
        return metric_alarms(name, watched, actions=args.get("alarm_actions"), parent=self)


def _list_key(args: JustInTimeRegistrationArgs) -> pulumi.Input[str]:
    return args.get("revocation_list_key", DEFAULT_REVOCATION_LIST_KEY)
