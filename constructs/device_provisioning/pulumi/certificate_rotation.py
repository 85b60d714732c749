"""Devices that replace their own certificates."""

from typing import NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..fleet.certificate_rotation import (
    ROTATION_DESCRIPTION,
    confirmation_query,
    rotation_rule_name,
)
from ..fleet.choices import require_policy_of_rotation
from ..fleet.function_definition import FunctionDefinition
from ..fleet.functions import RETIREMENT, ROTATION_HOOK
from .device_allow_list import RemovalPolicy
from .documents import given, now_or_later
from .fleet_body import fleet_document
from .library_function import LibraryFunction
from .own_table import fitting_table_arn
from .pre_provisioning_hook import PreProvisioningHook, PreProvisioningHookArgs
from .provisioning_template import ProvisioningTemplate
from .settings import settings_of
from .topic_rule import invoking_rule


class CertificateRotationArgs(TypedDict):
    """Settings of a certificate rotation."""

    template_name: pulumi.Input[str]
    """1 to 36 letters, digits, ``_`` and ``-``: the device policy names it too."""
    thing_name_prefix: pulumi.Input[str]
    """What thing names begin with, before the serial number."""
    device_policy: aws.iot.Policy
    """The policy of the devices, ``resource`` of a ``DevicePolicy`` that has the same name as
    ``rotation_template_name``."""
    device_allow_list: NotRequired[aws.dynamodb.Table]
    """The table of the list that the devices registered by, ``table`` of a ``DeviceAllowList``: a blocked
    device can't replace its certificate, and the record names the new one. None by default: no list is
    asked."""
    encryption_key: NotRequired[aws.kms.Key]
    """The customer key of that table, if it has one."""
    log_removal_policy: NotRequired[RemovalPolicy]
    """What happens to the log group of the hook's function when it is not defined any more: it is the audit
    trail, so that it is retained by default. Its name is generated: one that stays is in the way of no other
    stack."""
    alarm_actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of what the hook's alarms do; none are made by default."""


class CertificateRotation(pulumi.ComponentResource):
    """Define how devices replace their own certificates: a template, its hook, and the end of the old ones.

    A device connects with the certificate that it has, obtains a new one, and registers it through this
    template with its serial number. The hook lets it through only for the thing that the presented
    certificate is attached to. It connects with the new certificate and publishes anything to
    ``certificate-rotation/TEMPLATE/THING/confirmed``; what the thing had before is then deactivated and
    detached. The thing stays.

    Args:
        name: The name of the resource.
        args: The settings.
        opts: Options of the resource.

    Attributes:
        hook: The hook that lets a device replace its own certificate.
        template: The template that devices register their new certificates through.
        rule: The topic rule that takes old certificates out of use.

    Example::

        policy = DevicePolicy("pump-policy", {"rotation_template_name": "pump-rotation"})
        CertificateRotation("rotation", {
            "template_name": "pump-rotation",
            "thing_name_prefix": "pump-",
            "device_policy": policy.resource,
        })
    """

    template_name: pulumi.Output[str]
    """The name of the template that devices register their new certificates through."""
    template_arn: pulumi.Output[str]
    """The ARN of the template."""
    hook_function_arn: pulumi.Output[str]
    """The ARN of the function that decides who may."""
    retirement_function_arn: pulumi.Output[str]
    """The ARN of the function that takes replaced certificates out of use."""

    def __init__(
        self, name: str, args: CertificateRotationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args = settings_of(CertificateRotationArgs, args, name)
        super().__init__("device-provisioning:index:CertificateRotation", name, {}, opts)
        now_or_later(
            require_policy_of_rotation,
            template_name=args["template_name"],
            policy_document=args["device_policy"].policy,
        )
        prefix = args["thing_name_prefix"]
        self.hook = self._create_hook(name, args)
        self.template = ProvisioningTemplate(
            f"{name}-template",
            {
                "body": fleet_document({"thing_name_prefix": prefix}, args["device_policy"].name),
                "template_name": args["template_name"],
                "hook": self.hook.function,
                "description": ROTATION_DESCRIPTION,
            },
            pulumi.ResourceOptions(parent=self),
        )
        self.template_name = self.template.template_name
        self.template_arn = self.template.template_arn
        retirement = self._function(f"{name}-retirement", RETIREMENT, args)
        self.rule = invoking_rule(
            name,
            rule_name=self.template_name.apply(rotation_rule_name),
            sql=self.template_name.apply(confirmation_query),
            function=retirement,
            parent=self,
        )
        self.hook_function_arn, self.retirement_function_arn = self.hook.function_arn, retirement.arn
        self.register_outputs(
            {
                "templateName": self.template_name,
                "templateArn": self.template_arn,
                "hookFunctionArn": self.hook_function_arn,
                "retirementFunctionArn": self.retirement_function_arn,
            }
        )

    def _create_hook(self, name: str, args: CertificateRotationArgs) -> PreProvisioningHook:
        function = self._function(f"{name}-hook-function", ROTATION_HOOK, args)
        settings = given(function=function, alarm_actions=args.get("alarm_actions"))
        own = pulumi.ResourceOptions(parent=self)
        return PreProvisioningHook(f"{name}-hook", cast(PreProvisioningHookArgs, settings), own)

    def _function(
        self, name: str, definition: FunctionDefinition, args: CertificateRotationArgs
    ) -> aws.lambda_.Function:
        table, key = args.get("device_allow_list"), args.get("encryption_key")
        prefix = args["thing_name_prefix"]
        library_function = LibraryFunction(
            name,
            definition,
            rights={
                **({"thing_name_prefix": prefix} if definition is RETIREMENT else {}),
                "table_arn": fitting_table_arn(self, table) if table else None,
                "encryption_key_arn": key.arn if key else None,
            },
            environment=definition.variables(
                thing_name_prefix=prefix, table_name=table.name if table else None
            ),
            log_removal_policy=(
                RemovalPolicy.DESTROY
                if definition is RETIREMENT
                else args.get("log_removal_policy", RemovalPolicy.RETAIN)
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return library_function.function
