"""Devices that replace their own certificates."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Names, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..aws_iot.certificate_rotation import (
    RETIREMENT,
    ROTATION_DESCRIPTION,
    ROTATION_HOOK,
    confirmation_query,
    retirement_policy,
    rotation_hook_policy,
)
from ..aws_iot.fleet_body import fleet_body
from .device_policy import DevicePolicy
from .durations import seconds
from .environment import environment_of
from .library_function import INVOKED_BY_AWS_IOT, Invocation, LibraryFunction
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_template import ProvisioningTemplate

INVOKED_BY_RULE = Invocation(
    dead_letters="what a lost event leaves in use is retired when the device confirms the next",
    concurrency="as many at once as devices confirm",
)


class CertificateRotation(Construct):
    """Define how devices replace their own certificates: a template, its hook, and the end of the old ones.

    A device connects with the certificate that it has, obtains a new one, and registers it through this
    template with its serial number. The hook lets it through only for the thing that the presented
    certificate is attached to. It connects with the new certificate and publishes anything to
    ``certificate-rotation/TEMPLATE/THING/confirmed``; what the thing had before is then deactivated and
    detached. The thing stays.

    Args:
        scope: The construct above.
        construct_id: The id under it.
        template_name: 1 to 36 letters, digits, ``_`` and ``-``: the device policy names it too.
        thing_name_prefix: What thing names begin with, before the serial number.
        device_policy: The policy of the devices, which has the same name as ``rotation_template_name``.
        alarm_actions: What the hook's alarms do; nothing by default.

    Attributes:
        hook: The hook that lets a device replace its own certificate.
        template: The template that devices register their new certificates through.
        rule: The topic rule that takes old certificates out of use.

    Example::

        policy = DevicePolicy(self, "PumpPolicy", rotation_template_name="pump-rotation")
        CertificateRotation(
            self, "Rotation", template_name="pump-rotation", thing_name_prefix="pump-", device_policy=policy
        )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        template_name: str,
        thing_name_prefix: str,
        device_policy: DevicePolicy,
        alarm_actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self._thing_name_prefix = thing_name_prefix
        self.hook = PreProvisioningHook.from_function(
            self, "Hook", self._create_hook(), alarm_actions=alarm_actions
        )
        self.template = ProvisioningTemplate(
            self,
            "Template",
            body=fleet_body(policy_name=device_policy.policy_name, thing_name_prefix=thing_name_prefix),
            template_name=template_name,
            hook=self.hook,
            description=ROTATION_DESCRIPTION,
        )
        self.template.node.add_dependency(device_policy)
        self.rule = self._create_rule(self._create_retirement())

    def _create_hook(self) -> lambda_.IFunction:
        library_function = LibraryFunction(
            self,
            "HookFunction",
            handler=ROTATION_HOOK.handler,
            policy=lambda log_group_name: rotation_hook_policy(
                self._thing_name_prefix, log_group_name, environment_of(self)
            ),
            description=ROTATION_HOOK.description,
            timeout=seconds(ROTATION_HOOK.timeout_seconds),
            invocation=INVOKED_BY_AWS_IOT,
            environment={"THING_NAME_PREFIX": self._thing_name_prefix},
            memory_mib=ROTATION_HOOK.memory_mib,
        )
        return library_function.function

    def _create_retirement(self) -> lambda_.IFunction:
        library_function = LibraryFunction(
            self,
            "Retirement",
            handler=RETIREMENT.handler,
            policy=lambda log_group_name: retirement_policy(
                self._thing_name_prefix, log_group_name, environment_of(self)
            ),
            description=RETIREMENT.description,
            timeout=seconds(RETIREMENT.timeout_seconds),
            invocation=INVOKED_BY_RULE,
        )
        return library_function.function

    def _create_rule(self, function: lambda_.IFunction) -> iot.CfnTopicRule:
        # Named here, so that what trusts the rule can be there before it.
        name = Names.unique_resource_name(self, max_length=128, allowed_special_characters="_")
        permission = lambda_.CfnPermission(
            self,
            "InvokePermission",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="iot.amazonaws.com",
            source_account=Stack.of(self).account,
            source_arn=environment_of(self).iot_arn(f"rule/{name}"),
        )
        rule = iot.CfnTopicRule(
            self,
            "Rule",
            rule_name=name,
            topic_rule_payload=iot.CfnTopicRule.TopicRulePayloadProperty(
                sql=confirmation_query(self.template.template_name),
                aws_iot_sql_version="2016-03-23",
                actions=[
                    iot.CfnTopicRule.ActionProperty(
                        lambda_=iot.CfnTopicRule.LambdaActionProperty(function_arn=function.function_arn)
                    )
                ],
                rule_disabled=False,
            ),
        )
        rule.node.add_dependency(permission)
        return rule
