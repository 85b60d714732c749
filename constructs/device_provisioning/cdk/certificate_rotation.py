"""Devices that replace their own certificates."""

from collections.abc import Sequence

from aws_cdk import Names, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iot as iot
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from ..aws_iot.fleet_body import fleet_body
from ..fleet.certificate_rotation import (
    ROTATION_DESCRIPTION,
    confirmation_query,
)
from ..fleet.choices import require_policy_of_rotation
from ..fleet.function_definition import FunctionDefinition
from ..fleet.functions import RETIREMENT, ROTATION_HOOK
from .device_allow_list import DeviceAllowList
from .device_policy import DevicePolicyBase
from .library_function import AUDIT_TRAIL, INVOKED_BY_AWS_IOT, Invocation, LibraryFunction
from .places import environment_of, put
from .pre_provisioning_hook import PreProvisioningHook
from .provisioning_template import ProvisioningTemplate
from .setting_types import checked

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
        device_allow_list: The list that the devices registered by: a blocked device can't replace its
            certificate, and the record names the new one. None by default: no list is asked.
        log_removal_policy: What happens to the log group of the hook's function when it leaves the stack: it
            is the audit trail, so that by default it is retained, unless the stack that was to create it is
            rolled back. Its name is generated: one that stays is in the way of no other stack.
        alarm_actions: What the hook's alarms do; none are made by default.

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

    @checked
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        template_name: str,
        thing_name_prefix: str,
        device_policy: DevicePolicyBase,
        device_allow_list: DeviceAllowList | None = None,
        log_removal_policy: RemovalPolicy | None = None,
        alarm_actions: Sequence[cloudwatch.IAlarmAction] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        put(self, scope, construct_id)
        require_policy_of_rotation(template_name, device_policy.known_document)
        self._thing_name_prefix = thing_name_prefix
        self._list = device_allow_list
        function = self._create_function(
            "HookFunction", ROTATION_HOOK, INVOKED_BY_AWS_IOT, log_removal_policy or AUDIT_TRAIL
        )
        self.hook = PreProvisioningHook(self, "Hook", function=function.function, alarm_actions=alarm_actions)
        self.template = ProvisioningTemplate(
            self,
            "Template",
            body=fleet_body(policy_name=device_policy.policy_name, thing_name_prefix=thing_name_prefix),
            template_name=template_name,
            hook=self.hook,
            description=ROTATION_DESCRIPTION,
        )
        self.template.node.add_dependency(device_policy)
        self.rule = self._create_rule(
            self._create_function("Retirement", RETIREMENT, INVOKED_BY_RULE, RemovalPolicy.DESTROY)
        )

    def _create_function(
        self,
        construct_id: str,
        definition: FunctionDefinition,
        invocation: Invocation,
        log_removal_policy: RemovalPolicy,
    ) -> LibraryFunction:
        devices = self._list
        return LibraryFunction(
            self,
            construct_id,
            definition,
            rights={
                **({"thing_name_prefix": self._thing_name_prefix} if definition is RETIREMENT else {}),
                "table_arn": devices.table_arn if devices else None,
                "encryption_key_arn": devices.encryption_key_arn if devices else None,
            },
            environment=definition.variables(
                thing_name_prefix=self._thing_name_prefix, table_name=devices.table_name if devices else None
            ),
            invocation=invocation,
            log_removal_policy=log_removal_policy,
        )

    def _create_rule(self, function: LibraryFunction) -> iot.CfnTopicRule:
        # Named here, so that what trusts the rule can be there before it.
        name = Names.unique_resource_name(self, max_length=128, allowed_special_characters="_")
        permission = lambda_.CfnPermission(
            self,
            "InvokePermission",
            action="lambda:InvokeFunction",
            function_name=function.arn,
            principal="iot.amazonaws.com",
            source_account=environment_of(self).account,
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
                        lambda_=iot.CfnTopicRule.LambdaActionProperty(function_arn=function.arn)
                    )
                ],
                rule_disabled=False,
            ),
        )
        rule.add_resource_dependency(permission)
        return rule
