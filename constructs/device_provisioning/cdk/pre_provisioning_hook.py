"""The Lambda function that AWS IoT asks before it registers a device."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..aws_iot.reprovisioning import Reprovisioning
from ..fleet.alarms import HOOK_ALARMS, PERIOD_SECONDS, AlarmDefinition
from ..fleet.choices import require_executions, require_one_hook_decider, require_settings_of_own_function
from ..fleet.functions import PRE_PROVISIONING_HOOK
from ..fleet.hook_settings import (
    DEFAULT_SERIAL_NUMBER_PATTERN,
    HOOK_DEFAULTS,
    METRICS_NAMESPACE,
)
from .alarms import alarms
from .attestation import Attestation
from .device_allow_list import DeviceAllowList
from .durations import seconds
from .library_function import AUDIT_TRAIL, INVOKED_BY_AWS_IOT, LibraryFunction, viewed
from .places import put
from .setting_types import checked

DEFAULTS = {**HOOK_DEFAULTS, "log_retention": logs.RetentionDays.ONE_YEAR, "log_removal_policy": None}


class PreProvisioningHook(Construct):
    """Define the hook of one or more provisioning templates, with alarms.

    Give either ``device_allow_list``, and the function of this library decides by that list, or your own
    ``function``. AWS IoT waits five seconds for an answer and denies without one
    (https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html).

    Args:
        scope: The construct above.
        construct_id: The id under it.
        device_allow_list: The devices that may register; only with the function of this library.
        function: Your own function, at most five seconds of timeout.
        reprovisioning: Whether a serial number whose certificate became active may register again:
            ``NEVER`` by default, ``ALLOW`` or the number of times that it may, such as ``2``.
        serial_number_parameter: The parameter that carries the serial number; ``SerialNumber`` by default.
        serial_number_pattern: A regular expression for the whole serial number; letters, digits, ``_`` and
            ``-``, at most 128, by default.
        reservation_seconds: How long another attempt for the same serial number is refused because the
            first may still be under way; 30 by default.
        listed_parameters: Parameters of the template whose values only the list decides; a device that sends
            another value than its record has is denied. None by default.
        attestation: Keys in AWS KMS, by batch, with which devices prove that they are who they say. Nobody
            registers then without a proof in the parameter ``Proof``, or outside a batch that is open. A
            claim and a listed serial number are enough by default.
        log_retention: How long decisions are kept in the log; a year by default.
        log_removal_policy: What happens to the log group of the hook's function when it leaves the stack: it
            is the audit trail, so that by default it is retained, unless the stack that was to create it is
            rolled back. Its name is generated: one that stays is in the way of no other stack.
        reserved_concurrent_executions: How many decisions at once; not limited by default.
        alarm_actions: What the alarms do; none are made by default.

    Attributes:
        alarms: The alarms, none without ``alarm_actions``.

    Raises:
        ValueError: If both or none of ``device_allow_list`` and ``function`` are given, if the function's
            timeout is over five seconds, if settings of this library's function are given with another
            function, or if a setting is out of its range. At synthesis, if a device is declared in code whose
            serial number the hook would never let through.

    Example::

        PreProvisioningHook(self, "Hook", device_allow_list=DeviceAllowList(self, "Devices"))
    """

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        device_allow_list: DeviceAllowList | None = None,
        function: lambda_.IFunction | None = None,
        reprovisioning: Reprovisioning | int = Reprovisioning.NEVER,
        serial_number_parameter: str = "SerialNumber",
        serial_number_pattern: str = DEFAULT_SERIAL_NUMBER_PATTERN,
        reservation_seconds: int = 30,
        listed_parameters: Sequence[str] = (),
        attestation: Attestation | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        log_removal_policy: RemovalPolicy | None = None,
        reserved_concurrent_executions: int | None = None,
        alarm_actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_executions(reserved_concurrent_executions)
        require_one_hook_decider(device_allow_list, function)
        self.device_allow_list = device_allow_list
        decides_by = {
            "reprovisioning": reprovisioning,
            "serial_number_parameter": serial_number_parameter,
            "serial_number_pattern": serial_number_pattern,
            "reservation_seconds": reservation_seconds,
            "listed_parameters": tuple(listed_parameters),
            "attestation": attestation,
        }
        runs_with = {
            "log_retention": log_retention,
            "log_removal_policy": log_removal_policy,
            "reserved_concurrent_executions": reserved_concurrent_executions,
        }
        self._decider: lambda_.IFunction | LibraryFunction
        if device_allow_list:
            self._decider = self._library_function(device_allow_list, decides_by, runs_with)
            device_allow_list.let_through(serial_number_pattern)
        elif function:
            timeout = getattr(function, "timeout", None)
            require_settings_of_own_function(
                {**decides_by, **runs_with}, DEFAULTS, timeout.to_seconds() if timeout else None
            )
            self._decider = viewed(function)
        self.serial_number_parameter = serial_number_parameter if device_allow_list else None
        self.serial_number_pattern = serial_number_pattern if device_allow_list else None
        self.listed_parameters = tuple(listed_parameters)
        self.attestation = attestation
        self.alarms = self._alarms(alarm_actions) if alarm_actions else []

    @cached_property
    def function(self) -> lambda_.IFunction:
        """The function that decides."""
        return self._decider.function if isinstance(self._decider, LibraryFunction) else self._decider

    @cached_property
    def function_arn(self) -> str:
        """The ARN of the function that decides."""
        decider = self._decider
        return decider.arn if isinstance(decider, LibraryFunction) else decider.function_arn

    @cached_property
    def function_name(self) -> str:
        """The name of the function that decides."""
        return self._decider.function_name

    @cached_property
    def log_group_name(self) -> str:
        """The name of the log group that its decisions are in."""
        if isinstance(self._decider, LibraryFunction):
            return self._decider.log_group_name
        if isinstance(self._decider, lambda_.Function):
            return self._decider.log_group.log_group_name
        return f"/aws/lambda/{self._decider.function_name}"

    def metric_allowed(self, template_name: str, **options: Any) -> cloudwatch.Metric:
        """Registrations that the hook of this library allowed: the sum over five minutes by default."""
        return _metric("Allowed", template_name, options)

    def metric_denied(self, template_name: str, **options: Any) -> cloudwatch.Metric:
        """Registrations that the hook of this library denied: the sum over five minutes by default."""
        return _metric("Denied", template_name, options)

    def metric_denied_as_provisioned(self, template_name: str, **options: Any) -> cloudwatch.Metric:
        """Denials because the serial number is already provisioned: the sum over five minutes by default."""
        return _metric("DeniedAsProvisioned", template_name, options)

    def _library_function(
        self, allow_list: DeviceAllowList, decides_by: Mapping[str, Any], runs_with: Mapping[str, Any]
    ) -> LibraryFunction:
        keys = decides_by["attestation"] or Attestation()
        variable = keys.variable() if decides_by["attestation"] else None
        return LibraryFunction(
            self,
            "AllowListHook",
            PRE_PROVISIONING_HOOK,
            rights={
                "table_arn": allow_list.table_arn,
                "encryption_key_arn": allow_list.encryption_key_arn,
                "derived_key_arns": [key.key_arn for key in keys.derived_keys.values()],
                "signing_key_arns": [key.key_arn for key in keys.signing_keys.values()],
            },
            environment=PRE_PROVISIONING_HOOK.variables(
                table_name=allow_list.table_name, **{**decides_by, "attestation": variable}
            ),
            invocation=INVOKED_BY_AWS_IOT,
            **{**runs_with, "log_removal_policy": runs_with["log_removal_policy"] or AUDIT_TRAIL},
        )

    def _alarms(self, actions: Sequence[cloudwatch.IAlarmAction]) -> list[cloudwatch.Alarm]:
        watched = [
            (f"{alarm.name}Alarm", self._watched(alarm), alarm.threshold, alarm.description)
            for alarm in HOOK_ALARMS
        ]
        return alarms(self, watched, actions)

    def _watched(self, alarm: AlarmDefinition) -> cloudwatch.Metric:
        period = seconds(PERIOD_SECONDS)
        return self._decider.metric(alarm.metric_name, statistic=alarm.statistic, period=period)


def _metric(name: str, template_name: str, options: Mapping[str, Any]) -> cloudwatch.Metric:
    settings = {"statistic": "Sum", **options}
    return cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"TemplateName": template_name},
        **settings,
    )
