"""The Lambda function that AWS IoT asks before it registers a device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IValidation

from ..aws_iot.function_roles import pre_provisioning_hook_policy
from ..aws_iot.hook_settings import (
    DEFAULT_SERIAL_NUMBER_PATTERN,
    HOOK_TIMEOUT_SECONDS,
    METRICS_NAMESPACE,
    Reprovisioning,
    hook_environment,
)
from ..aws_iot.listed_device import unmatched_devices
from .alarms import alarms
from .device_allow_list import DeviceAllowList
from .environment import environment_of
from .library_function import LibraryFunction

DEFAULTS = {
    "reprovisioning": Reprovisioning.NEVER,
    "serial_number_parameter": "SerialNumber",
    "serial_number_pattern": DEFAULT_SERIAL_NUMBER_PATTERN,
    "claim_settle_seconds": 30,
    "log_retention": logs.RetentionDays.ONE_YEAR,
    "reserved_concurrent_executions": None,
}


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
            ``NEVER`` by default, ``ALLOW`` or the number of times that it may.
        serial_number_parameter: The parameter that carries the serial number; ``SerialNumber`` by default.
        serial_number_pattern: A regular expression for the whole serial number; letters, digits, ``_`` and
            ``-``, at most 128, by default.
        claim_settle_seconds: How long another attempt for the same serial number is refused because the
            first may still be under way; 30 by default.
        log_retention: How long decisions are kept in the log; a year by default.
        reserved_concurrent_executions: How many decisions at once; not limited by default.
        alarm_actions: What the alarms do; nothing by default.

    Raises:
        ValueError: If both or none of ``device_allow_list`` and ``function`` are given, if the function's
            timeout is over five seconds, if settings of this library's function are given with another
            function, or if a setting is out of its range. At synthesis, if a device is declared in code whose
            serial number the hook would never let through.

    Example::

        PreProvisioningHook(self, "Hook", device_allow_list=DeviceAllowList(self, "Devices"))
    """

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
        claim_settle_seconds: int = 30,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        reserved_concurrent_executions: int | None = None,
        alarm_actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        _require_one_decider(device_allow_list, function)
        self.device_allow_list = device_allow_list
        decides_by = {
            "reprovisioning": reprovisioning,
            "serial_number_parameter": serial_number_parameter,
            "serial_number_pattern": serial_number_pattern,
            "claim_settle_seconds": claim_settle_seconds,
        }
        runs_with = {
            "log_retention": log_retention,
            "reserved_concurrent_executions": reserved_concurrent_executions,
        }
        if device_allow_list:
            self.function: lambda_.IFunction = self._library_function(
                device_allow_list, decides_by, runs_with
            )
            validation = _ListedDevicesPass(device_allow_list, serial_number_pattern)
            self.node.add_validation(validation)
        elif function:
            _require_settings_of_own_function(function, {**decides_by, **runs_with})
            self.function = function
        self.serial_number_parameter = serial_number_parameter if device_allow_list else None
        self.alarms = self._alarms(alarm_actions)

    @classmethod
    def allow_list(
        cls, scope: Construct, construct_id: str, device_allow_list: DeviceAllowList, **settings: Any
    ) -> PreProvisioningHook:
        """Decide by an allow list, with the function of this library; ``settings`` as of the class."""
        return cls(scope, construct_id, device_allow_list=device_allow_list, **settings)

    @classmethod
    def from_function(
        cls, scope: Construct, construct_id: str, function: lambda_.IFunction, **settings: Any
    ) -> PreProvisioningHook:
        """Decide by your own function; ``settings`` as of the class."""
        return cls(scope, construct_id, function=function, **settings)

    def metric_allowed(self, template_name: str, **options: Any) -> cloudwatch.Metric:
        """Registrations that the hook of this library allowed: the sum over five minutes by default."""
        return _metric("Allowed", template_name, options)

    def metric_denied(self, template_name: str, **options: Any) -> cloudwatch.Metric:
        """Registrations that the hook of this library denied: the sum over five minutes by default."""
        return _metric("Denied", template_name, options)

    def _library_function(
        self, allow_list: DeviceAllowList, decides_by: Mapping[str, Any], runs_with: Mapping[str, Any]
    ) -> lambda_.IFunction:
        table, key = allow_list.table, allow_list.table.encryption_key
        library_function = LibraryFunction(
            self,
            "AllowListHook",
            handler="pre_provisioning_hook.handler.handler",
            policy=lambda log_group_name: pre_provisioning_hook_policy(
                table.table_arn, log_group_name, environment_of(self), key.key_arn if key else None
            ),
            description="Decides by an allow list whether a device may register",
            timeout=Duration.seconds(HOOK_TIMEOUT_SECONDS),
            environment=hook_environment(table_name=table.table_name, **decides_by),
            memory_mib=512,
            **runs_with,
        )
        return library_function.function

    def _alarms(self, actions: Sequence[cloudwatch.IAlarmAction]) -> list[cloudwatch.Alarm]:
        slow = self.function.metric_duration(statistic="Maximum", period=Duration.minutes(5))
        watched = [
            ("ErrorsAlarm", self.function.metric_errors(), 1, "The hook failed: devices are denied"),
            (
                "ThrottlesAlarm",
                self.function.metric_throttles(),
                1,
                "The hook was throttled: devices are denied",
            ),
            ("DurationAlarm", slow, 4000, "The hook needs over 4 of the 5 seconds that AWS IoT waits"),
        ]
        return alarms(self, watched, actions)


@jsii.implements(IValidation)
class _ListedDevicesPass:
    """Devices may be declared until the app is synthesised, so they are looked at then."""

    def __init__(self, allow_list: DeviceAllowList, serial_number_pattern: str) -> None:
        self._allow_list = allow_list
        self._pattern = serial_number_pattern

    def validate(self) -> list[str]:
        return unmatched_devices(self._allow_list.devices, self._pattern)


def _require_one_decider(
    device_allow_list: DeviceAllowList | None, function: lambda_.IFunction | None
) -> None:
    if (device_allow_list is None) == (function is None):
        raise ValueError(
            "give exactly one of device_allow_list (the function of this library decides by the list)"
            f" and function (yours decides); given: {'both' if function else 'none'}"
        )


def _require_settings_of_own_function(function: lambda_.IFunction, settings: Mapping[str, Any]) -> None:
    problems = []
    if given := [name for name, value in settings.items() if value != DEFAULTS[name]]:
        problems.append(
            f"{', '.join(given)} would have no effect, because function is given: set them on your function"
            " or leave them out"
        )
    timeout = getattr(function, "timeout", None)
    if timeout and timeout.to_seconds() > HOOK_TIMEOUT_SECONDS:
        problems.append(
            f"the hook's function has a timeout of {timeout.to_seconds():g} seconds: AWS IoT denies after"
            f" {HOOK_TIMEOUT_SECONDS} seconds, so give at most that"
        )
    if problems:
        raise ValueError("\n".join(problems))


def _metric(name: str, template_name: str, options: Mapping[str, Any]) -> cloudwatch.Metric:
    settings = {"statistic": "Sum", **options}
    return cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"TemplateName": template_name},
        **settings,
    )
