"""Devices that replace their own certificates."""

from collections.abc import Callable
from typing import NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..aws_iot.certificate_rotation import (
    RETIREMENT,
    ROTATION_DESCRIPTION,
    ROTATION_HOOK,
    confirmation_query,
    retirement_policy,
    rotation_hook_policy,
    rotation_rule_name,
)
from ..aws_iot.environment import Environment
from ..aws_iot.function_definition import FunctionDefinition
from ..aws_iot.statements import Document
from .documents import document_json, given
from .fleet_body import fleet_document
from .library_function import LibraryFunction
from .pre_provisioning_hook import PreProvisioningHook, PreProvisioningHookArgs
from .provisioning_template import ProvisioningTemplate
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
    alarm_actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """ARNs of what the hook's alarms do; nothing by default."""


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
        super().__init__("device-provisioning:index:CertificateRotation", name, {}, opts)
        prefix = args["thing_name_prefix"]
        self.hook = self._create_hook(name, prefix, args.get("alarm_actions"))
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
        retirement = self._function(f"{name}-retirement", RETIREMENT, retirement_policy, prefix)
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

    def _create_hook(
        self,
        name: str,
        thing_name_prefix: pulumi.Input[str],
        alarm_actions: pulumi.Input[list[pulumi.Input[str]]] | None,
    ) -> PreProvisioningHook:
        function = self._function(
            f"{name}-hook-function",
            ROTATION_HOOK,
            rotation_hook_policy,
            thing_name_prefix,
            {"THING_NAME_PREFIX": thing_name_prefix},
        )
        settings = given(function=function, alarm_actions=alarm_actions)
        own = pulumi.ResourceOptions(parent=self)
        return PreProvisioningHook(f"{name}-hook", cast(PreProvisioningHookArgs, settings), own)

    def _function(
        self,
        name: str,
        definition: FunctionDefinition,
        policy: Callable[..., Document],
        thing_name_prefix: pulumi.Input[str],
        variables: dict[str, pulumi.Input[str]] | None = None,
    ) -> aws.lambda_.Function:
        def document(
            log_group_name: pulumi.Output[str], environment: pulumi.Output[Environment]
        ) -> pulumi.Output[str]:
            return document_json(
                policy,
                thing_name_prefix=thing_name_prefix,
                log_group_name=log_group_name,
                environment=environment,
            )

        library_function = LibraryFunction(
            name,
            handler=definition.handler,
            policy=document,
            description=definition.description,
            timeout_seconds=definition.timeout_seconds,
            environment=variables or {},
            memory_mib=definition.memory_mib,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return library_function.function
