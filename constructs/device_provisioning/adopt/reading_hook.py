"""Reading a pre-provisioning hook: how its function runs, and what lets AWS IoT invoke it."""

import json
from collections.abc import Mapping
from typing import Any

from ..aws_iot.rules.statements import allowed, allows, as_list, can_match
from ..console.aws_calls import AwsCalls
from ..fleet.functions import is_hook_handler
from .existing import ExistingHook, ExistingPermission

_IOT = "iot.amazonaws.com"


def read_hook(calls: AwsCalls, template_arn: str, hook: Mapping[str, Any]) -> ExistingHook:
    """Read the hook of a template.

    Args:
        calls: Of Lambda.
        template_arn: The ARN of the template.
        hook: What the template says of its hook.

    Raises:
        UnreadableError: If the function is not there, or if AWS refuses.
    """
    target = hook["targetArn"]
    configuration = calls.call("get_function_configuration", FunctionName=target)
    answer = calls.found("get_policy", FunctionName=target)
    policy = json.loads(answer["Policy"]) if answer else {}
    handler = configuration.get("Handler")
    return ExistingHook(
        target_arn=target,
        payload_version=hook.get("payloadVersion"),
        timeout_seconds=configuration["Timeout"],
        permissions=[
            _permission(statement)
            for statement in allowed(policy)
            if _is_for(statement, template_arn) and statement.get("Sid")
        ],
        handler=handler,
        settings=configuration.get("Environment", {}).get("Variables", {})
        if is_hook_handler(handler)
        else {},
    )


def _is_for(statement: Mapping[str, Any], template_arn: str) -> bool:
    source_arn = _condition(statement, "aws:sourcearn")
    return (
        _principal(statement) in (_IOT, "*")
        and allows(statement, "lambda:InvokeFunction")
        and (source_arn is None or can_match(source_arn, template_arn))
    )


def _permission(statement: Mapping[str, Any]) -> ExistingPermission:
    return ExistingPermission(
        statement_id=statement["Sid"],
        action=as_list(statement["Action"])[0],
        principal=_principal(statement),
        source_arn=_condition(statement, "aws:sourcearn"),
        source_account=_condition(statement, "aws:sourceaccount"),
    )


def _principal(statement: Mapping[str, Any]) -> str:
    principal = statement.get("Principal")
    services = as_list(principal.get("Service")) if isinstance(principal, Mapping) else [principal]
    return str(services[0]) if services else ""


def _condition(statement: Mapping[str, Any], key: str) -> str | None:
    """The value of a condition, whichever operator AddPermission chose."""
    for entries in (statement.get("Condition") or {}).values():
        for name, value in entries.items():
            if name.lower() == key:
                return str(as_list(value)[0])
    return None
