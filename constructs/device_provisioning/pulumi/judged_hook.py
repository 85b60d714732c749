"""A hook of this library, judged as soon as the program knows its settings."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..aws_iot import Context, Hook, TemplateType, check
from ..aws_iot.listed_parameters import require_agreeing_hook
from ..fleet.functions import is_hook_handler
from .documents import as_far_as_known
from .findings import report

_RULES = frozenset({"DP049", "DP060", "DP061", "DP062"})
"""The rules that depend on the settings of the hook."""


def judged_hook_arn(
    component: pulumi.Resource,
    hook: aws.lambda_.Function,
    *,
    body: pulumi.Output[Mapping[str, Any]],
    template_type: TemplateType,
    device_parameters: Sequence[str],
    silenced: Mapping[str, str],
) -> pulumi.Output[str]:
    """The ARN of a hook, if what it lets through fits the body, and it lets devices choose no more than that.

    Args:
        component: The component that warnings are of.
        hook: The function; one of your own is not judged.
        body: The body.
        template_type: The type of the body.
        device_parameters: Parameters that a device may choose although its thing is made of them.
        silenced: Codes of rules that don't apply, each with the reason.
    """

    def judged(known: Mapping[str, Any]) -> str:
        if known["environment"] and is_hook_handler(known["handler"]):
            variables = known["environment"].get("variables") or {}
            settings = _known_of(variables)
            require_agreeing_hook(
                known["body"],
                settings.serial_number_parameter,
                settings.listed_parameters or (),
                device_parameters,
                attested="ATTESTATION" in variables,
            )
            context = Context(hook=settings)
            findings = check(known["body"], template_type, context=context, silenced=silenced)
            report(component, [finding for finding in findings if finding.code in _RULES])
        return str(known["arn"])

    return pulumi.Output.all(
        arn=hook.arn,
        handler=as_far_as_known(hook.handler),
        environment=as_far_as_known(hook.environment),
        body=body,
    ).apply(judged)


def _known_of(variables: Mapping[str, str]) -> Hook:
    return Hook(
        serial_number_parameter=variables.get("SERIAL_NUMBER_PARAMETER", "SerialNumber"),
        serial_number_pattern=variables.get("SERIAL_NUMBER_PATTERN"),
        listed_parameters=json.loads(variables.get("LISTED_PARAMETERS", "[]")),
    )
