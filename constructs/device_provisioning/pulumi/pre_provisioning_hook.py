"""The Lambda function that AWS IoT asks before it registers a device."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ..aws_iot.reprovisioning import Reprovisioning
from ..fleet.alarms import HOOK_ALARMS
from ..fleet.choices import require_executions, require_one_hook_decider, require_settings_of_own_function
from ..fleet.functions import PRE_PROVISIONING_HOOK
from ..fleet.hook_settings import (
    HOOK_DEFAULTS,
)
from .alarms import metric_alarms
from .attestation import AttestationArgs, attestation_rights, attestation_setting
from .device_allow_list import RemovalPolicy
from .documents import known_throughout, now_or_later
from .library_function import LOG_RETENTION_DAYS, LibraryFunction
from .own_table import fitting_table_arn
from .settings import settings_of

RUNS_WITH = ("log_retention_days", "log_removal_policy", "reserved_concurrent_executions")
DEFAULTS = {
    **HOOK_DEFAULTS,
    "log_retention_days": LOG_RETENTION_DAYS,
    "log_removal_policy": RemovalPolicy.RETAIN,
}


class PreProvisioningHookArgs(TypedDict):
    """Settings of a pre-provisioning hook."""

    device_allow_list: NotRequired[aws.dynamodb.Table]
    """The table of the devices that may register, ``table`` of a ``DeviceAllowList``; only with the
    function of this library."""
    encryption_key: NotRequired[aws.kms.Key]
    """The customer key of that table, if it has one."""
    function: NotRequired[aws.lambda_.Function]
    """Your own function, at most five seconds of timeout."""
    reprovisioning: NotRequired[Reprovisioning | int | str]
    """Whether a serial number whose certificate became active may register again: ``NEVER`` by default,
    ``ALLOW`` or the number of times that it may, such as ``2``."""
    serial_number_parameter: NotRequired[str]
    """The parameter that carries the serial number; ``SerialNumber`` by default."""
    serial_number_pattern: NotRequired[str]
    """A regular expression for the whole serial number; letters, digits, ``_`` and ``-``, at most 128, by
    default."""
    reservation_seconds: NotRequired[int]
    """How long another attempt for the same serial number is refused because the first may still be under
    way; 30 by default."""
    listed_parameters: NotRequired[pulumi.Input[list[str]]]
    """Parameters of the template whose values only the list decides; a device that sends another value than
    its record has is denied. None by default."""
    attestation: NotRequired[AttestationArgs]
    """Keys in AWS KMS, by batch, with which devices prove that they are who they say. Nobody registers then
    without a proof in the parameter ``Proof``, or outside a batch that is open. A claim and a listed serial
    number are enough by default."""
    log_retention_days: NotRequired[pulumi.Input[int]]
    """How long decisions are kept in the log; a year by default."""
    log_removal_policy: NotRequired[RemovalPolicy]
    """What happens to the log group of the hook's function when it is not defined any more: it is the audit
    trail, so that it is retained by default. Its name is generated: one that stays is in the way of no other
    stack."""
    reserved_concurrent_executions: NotRequired[pulumi.Input[int]]
    """How many decisions at once; not limited by default."""
    alarm_actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of what the alarms do; none are made by default."""


class PreProvisioningHook(pulumi.ComponentResource):
    """Define the hook of one or more provisioning templates, with alarms.

    Give either ``device_allow_list``, and the function of this library decides by that list, or your own
    ``function``. AWS IoT waits five seconds for an answer and denies without one
    (https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html).

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        function: The function that decides.
        alarms: The alarms, none without ``alarm_actions``.

    Raises:
        ValueError: If both or none of ``device_allow_list`` and ``function`` are given, if the function's
            timeout is over five seconds, if settings of this library's function are given with another
            function, or if a setting is out of its range.

    Example::

        devices = DeviceAllowList("devices")
        PreProvisioningHook("hook", {"device_allow_list": devices.table})
    """

    function_arn: pulumi.Output[str]
    """The ARN of the function."""

    def __init__(
        self, name: str, args: PreProvisioningHookArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(PreProvisioningHookArgs, args, name)
        super().__init__("device-provisioning:index:PreProvisioningHook", name, {}, opts)
        now_or_later(
            require_executions, reserved_concurrent_executions=args.get("reserved_concurrent_executions")
        )
        require_one_hook_decider(args.get("device_allow_list"), args.get("function"))
        table, function = args.get("device_allow_list"), args.get("function")
        if function:
            self.function = function
            self.function_arn = _in_time(function, args)
        elif table:
            self.function = self._library_function(name, table, args)
            self.function_arn = self.function.arn
        of_function = {"FunctionName": self.function.name}
        watched = [(alarm, "AWS/Lambda", of_function) for alarm in HOOK_ALARMS]
        self.alarms = metric_alarms(name, watched, actions=args.get("alarm_actions"), parent=self)
        self.register_outputs({"functionArn": self.function_arn})

    def _library_function(
        self, name: str, table: aws.dynamodb.Table, args: PreProvisioningHookArgs
    ) -> aws.lambda_.Function:
        key = args.get("encryption_key")
        library_function = LibraryFunction(
            f"{name}-allow-list-hook",
            PRE_PROVISIONING_HOOK,
            rights={
                "table_arn": fitting_table_arn(self, table),
                "encryption_key_arn": key.arn if key else None,
                **attestation_rights(args.get("attestation")),
            },
            environment=_variables(table, args),
            log_retention_days=args.get("log_retention_days", LOG_RETENTION_DAYS),
            log_removal_policy=args.get("log_removal_policy", RemovalPolicy.RETAIN),
            reserved_concurrent_executions=args.get("reserved_concurrent_executions"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return library_function.function


def _variables(table: aws.dynamodb.Table, args: PreProvisioningHookArgs) -> dict[str, pulumi.Input[str]]:
    settings = _settings(args)
    listed, attestation = settings.pop("listed_parameters"), settings.pop("attestation")
    settings["reservation_seconds"] = int(settings["reservation_seconds"])
    for runs_with in RUNS_WITH:
        settings.pop(runs_with)
    known = PRE_PROVISIONING_HOOK.variables(table_name="", **settings)
    parameter = settings["serial_number_parameter"]

    def listed_json(names: Sequence[str]) -> str:
        whole = PRE_PROVISIONING_HOOK.variables(
            table_name="", serial_number_parameter=parameter, listed_parameters=names
        )
        return str(whole["LISTED_PARAMETERS"])

    return {
        **known,
        "ALLOW_LIST_TABLE_NAME": table.name,
        "LISTED_PARAMETERS": known_throughout(listed_json, listed),
        **({} if attestation is None else {"ATTESTATION": attestation_setting(attestation)}),
    }


def _settings(args: PreProvisioningHookArgs) -> dict[str, Any]:
    return {name: args.get(name, default) for name, default in DEFAULTS.items()}


def _in_time(function: aws.lambda_.Function, args: PreProvisioningHookArgs) -> pulumi.Output[str]:
    require_settings_of_own_function(_settings(args), DEFAULTS, None)

    def checked(known: list[Any]) -> str:
        arn, timeout_seconds = known
        require_settings_of_own_function({}, {}, timeout_seconds)
        return str(arn)

    return pulumi.Output.all(function.arn, function.timeout).apply(checked)
