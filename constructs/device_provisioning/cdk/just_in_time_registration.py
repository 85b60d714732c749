"""Devices that are registered when they connect for the first time, if a list lets them."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Names, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from ..aws_iot.certificate_mode import CertificateMode
from ..aws_iot.registration_role import undelivered_events_policy
from ..aws_iot.statements import service_trust
from ..fleet.alarms import DEAD_LETTER_QUEUE_ALARM, REGISTRATION_ALARM
from ..fleet.functions import REGISTRATION
from ..fleet.hook_settings import METRICS_NAMESPACE
from ..fleet.registration_settings import (
    DEAD_LETTER_RETENTION_DAYS,
    DEFAULT_REVOCATION_LIST_KEY,
    UNDELIVERED_EVENTS_DESCRIPTION,
    registration_query,
    require_revocation_list,
)
from .acknowledgements import Finding, acknowledge
from .alarms import alarms
from .certificate_authority import CertificateAuthority
from .device_allow_list import DeviceAllowList
from .device_policy import DevicePolicy
from .library_function import Invocation, LibraryFunction
from .places import environment_of
from .service_role import ServiceRole
from .setting_types import checked

QUEUE_REASONS = {
    Finding.QUEUE_WITHOUT_CUSTOMER_KEY: "events hold no secret; SQS encrypts them with a key of its own",
    Finding.QUEUE_WITHOUT_DEAD_LETTER_QUEUE: "it is a dead-letter queue itself, of a function and a rule",
}
INVOKED_BY_RULE = Invocation(
    dead_letters="a failed event goes to the queue with its reason, as an on-failure destination",
    concurrency="a device that is turned away by a limit would wait for its next connection",
)


class JustInTimeRegistration(Construct):
    """Define just-in-time registration: a CA, a topic rule, and a function that decides by lists.

    A device connects with a certificate that the CA signed. AWS IoT keeps it pending, drops the connection
    and publishes an event. The function lets it through once, if its common name is on the allow list and its
    certificate is not on the CA's signed revocation list: it makes the thing, attaches the device policy, and
    activates the certificate at last. The device connects again.

    A denied device is logged and stays pending; it may be listed later. When something fails, what was begun
    is undone, and the event is delivered again and then to the dead-letter queue.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        ca_certificate_pem: The CA's certificate in PEM, never its key.
        thing_name_prefix: What the common names of devices begin with, which are the names of their things:
            the function can touch no other things. An empty one is allowed and lets it touch all things.
        verification_certificate_pem: A certificate that the CA issued to your account's registration code;
            for ``DEFAULT`` mode only.
        certificate_mode: ``DEFAULT`` with a verification certificate, ``SNI_ONLY`` without one, by default.
        active: Whether the CA's devices are accepted; yes by default.
        device_allow_list: The devices that may register, by common name; created by default.
        revocation_list_bucket: The bucket of the CA's revocation list; none by default, and then no
            certificate counts as revoked.
        revocation_list_key: The list's key, PEM or DER; ``revoked.pem`` by default. While it is missing, out
            of date or not signed by the CA, no device registers.
        device_policy: The policy of the devices; created by default, for a device's own topics.
        dead_letter_queue: Where events go that could not be handled; created by default.
        tags: Tags of the CA; none by default.
        log_retention: How long decisions are kept in the log; a year by default.
        alarm_actions: What the alarms do; none are made by default.

    Attributes:
        certificate_authority: The CA.
        function: The function that decides.
        rule: The topic rule that invokes it.
        alarms: The alarms, none without ``alarm_actions``.

    Raises:
        ValueError: If a certificate is none, or mode and verification certificate contradict each other.

    Example::

        pem = Path("ca.pem").read_text()
        JustInTimeRegistration(self, "Pumps", ca_certificate_pem=pem, thing_name_prefix="pump-")
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        ca_certificate_pem: str,
        thing_name_prefix: str,
        verification_certificate_pem: str | None = None,
        certificate_mode: CertificateMode | None = None,
        active: bool = True,
        device_allow_list: DeviceAllowList | None = None,
        revocation_list_bucket: s3.IBucket | None = None,
        revocation_list_key: str = DEFAULT_REVOCATION_LIST_KEY,
        device_policy: DevicePolicy | None = None,
        dead_letter_queue: sqs.IQueue | None = None,
        tags: Mapping[str, str] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        alarm_actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        require_revocation_list(revocation_list_bucket, revocation_list_key)
        self.device_policy = device_policy or DevicePolicy(self, "DevicePolicy")
        self.device_allow_list = device_allow_list or DeviceAllowList(self, "DeviceAllowList")
        self.dead_letter_queue = dead_letter_queue or self._create_queue()
        self.certificate_authority = CertificateAuthority(
            self,
            "CertificateAuthority",
            certificate_pem=ca_certificate_pem,
            verification_certificate_pem=verification_certificate_pem,
            certificate_mode=certificate_mode,
            active=active,
            automatic_registration=True,
            tags=tags,
        )
        self._thing_name_prefix = thing_name_prefix
        self._revocation_list = (revocation_list_bucket, revocation_list_key)
        self._function = self._create_function(log_retention)
        self.rule = self._create_rule()
        self.alarms = self._alarms(alarm_actions) if alarm_actions else []

    @property
    def function(self) -> lambda_.IFunction:
        """The function that registers devices."""
        return self._function.function

    def metric_registered(self, **options: Any) -> cloudwatch.Metric:
        """Devices that were registered: the sum over five minutes by default."""
        return self._metric("Registered", options)

    def metric_denied(self, **options: Any) -> cloudwatch.Metric:
        """Attempts that were denied: the sum over five minutes by default."""
        return self._metric("Denied", options)

    def metric_failed(self, **options: Any) -> cloudwatch.Metric:
        """Attempts that failed and were undone: the sum over five minutes by default."""
        return self._metric("Failed", options)

    def _metric(self, name: str, options: Mapping[str, Any]) -> cloudwatch.Metric:
        settings = {"statistic": "Sum", **options}
        dimensions = {"CaCertificateId": self.certificate_authority.certificate_id}
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE, metric_name=name, dimensions_map=dimensions, **settings
        )

    def _create_queue(self) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            "DeadLetterQueue",
            retention_period=Duration.days(DEAD_LETTER_RETENTION_DAYS),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        acknowledge(queue, QUEUE_REASONS)
        return queue

    def _create_function(self, log_retention: logs.RetentionDays) -> LibraryFunction:
        bucket, key = self._revocation_list
        return LibraryFunction(
            self,
            "Registration",
            REGISTRATION,
            rights=self._rights(),
            environment=REGISTRATION.variables(
                table_name=self.device_allow_list.table_name,
                ca_certificate=self.certificate_authority.resource.ca_certificate_pem,
                ca_certificate_id=self.certificate_authority.certificate_id,
                policy_name=self.device_policy.policy_name,
                thing_name_prefix=self._thing_name_prefix,
                revocation_list_bucket=bucket.bucket_name if bucket else None,
                revocation_list_key=key,
            ),
            invocation=INVOKED_BY_RULE,
            log_retention=log_retention,
            dead_letter_queue=self.dead_letter_queue,
        )

    def _rights(self) -> dict[str, str | None]:
        devices, (bucket, key) = self.device_allow_list, self._revocation_list
        bucket_key = bucket.encryption_key if bucket else None
        queue_key = self.dead_letter_queue.encryption_master_key
        return {
            "thing_name_prefix": self._thing_name_prefix,
            "table_arn": devices.table_arn,
            "table_key_arn": devices.encryption_key_arn,
            "dead_letter_queue_arn": self.dead_letter_queue.queue_arn,
            "dead_letter_queue_key_arn": queue_key.key_arn if queue_key else None,
            "revocation_list_arn": bucket.arn_for_objects(key) if bucket else None,
            "revocation_list_key_arn": bucket_key.key_arn if bucket_key else None,
        }

    def _create_rule(self) -> iot.CfnTopicRule:
        # Named here, so that what trusts the rule can be there before it.
        name = Names.unique_resource_name(self, max_length=128, allowed_special_characters="_")
        arn = environment_of(self).iot_arn(f"rule/{name}")
        permission = self._permit_invocation(arn)
        invoke = iot.CfnTopicRule.LambdaActionProperty(function_arn=self._function.arn)
        rule = iot.CfnTopicRule(
            self,
            "Rule",
            rule_name=name,
            topic_rule_payload=iot.CfnTopicRule.TopicRulePayloadProperty(
                sql=registration_query(self.certificate_authority.certificate_id),
                aws_iot_sql_version="2016-03-23",
                actions=[iot.CfnTopicRule.ActionProperty(lambda_=invoke)],
                error_action=iot.CfnTopicRule.ActionProperty(sqs=self._put_aside(arn)),
                rule_disabled=False,
            ),
        )
        rule.node.add_dependency(permission)
        return rule

    def _permit_invocation(self, rule_arn: str) -> lambda_.CfnPermission:
        return lambda_.CfnPermission(
            self,
            "InvokePermission",
            action="lambda:InvokeFunction",
            function_name=self._function.arn,
            principal="iot.amazonaws.com",
            source_account=Stack.of(self).account,
            source_arn=rule_arn,
        )

    def _put_aside(self, rule_arn: str) -> iot.CfnTopicRule.SqsActionProperty:
        rights = self._rights()
        role = ServiceRole(
            self,
            "UndeliveredEventsRole",
            trust=service_trust("iot.amazonaws.com", environment_of(self), rule_arn),
            policy=undelivered_events_policy(
                self.dead_letter_queue.queue_arn, rights["dead_letter_queue_key_arn"]
            ),
            description=UNDELIVERED_EVENTS_DESCRIPTION,
        )
        return iot.CfnTopicRule.SqsActionProperty(
            queue_url=self.dead_letter_queue.queue_url, role_arn=role.arn
        )

    def _alarms(self, actions: Sequence[cloudwatch.IAlarmAction]) -> list[cloudwatch.Alarm]:
        failed, waiting = REGISTRATION_ALARM, DEAD_LETTER_QUEUE_ALARM
        errors = self._function.metric("Errors", statistic=failed.statistic)
        messages = self.dead_letter_queue.metric_approximate_number_of_messages_visible(
            statistic=waiting.statistic
        )
        watched = [
            (f"{alarm.name}Alarm", metric, alarm.threshold, alarm.description)
            for alarm, metric in ((failed, errors), (waiting, messages))
        ]
        return alarms(self, watched, actions)
