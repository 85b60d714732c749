"""Services of the Serverless Framework: their resources, and what ``iotFleetProvisioning`` makes.

https://www.serverless.com/framework/docs/providers/aws/events/iot-fleet-provisioning
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped
from ..cloudformation.stack_values import token
from .plan import KNOWN_LATER, Plan

_VARIABLE = re.compile(
    r"\$\{(?:self|opt|env|sls|param|ssm|s3|cf|aws|git|terraform|vault|doppler|strToBool|file)\b[^{}]*\}"
)
_DEFAULT_TIMEOUT = 6
_NOT_ALPHANUMERIC = {"-": "Dash", "_": "Underscore"}


def is_serverless(value: Mapping[str, Any]) -> bool:
    """Whether a document is a service."""
    return "service" in value and "provider" in value and bool({"resources", "functions"} & value.keys())


def read_serverless(value: Mapping[str, Any]) -> Plan:
    """A service as the CloudFormation template that it amounts to.

    Args:
        value: The document.
    """
    value = _filled_in(value)
    resources: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, resource, pointer in [*_functions(value), *_resources(value)]:
        resources[name] = resource
        places[f"/Resources/{escaped(name)}"] = pointer
    for name, resource, moves in _templates(value):
        resources[name] = resource
        here = f"/Resources/{escaped(name)}"
        places |= {f"{here}{inside}": pointer for inside, pointer in moves.items()}
    return Plan({"Resources": resources}, places)


def _filled_in(value: Any) -> Any:
    """A value with a token for each variable of the framework."""
    if isinstance(value, Mapping):
        return {key: _filled_in(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner) for inner in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    before, text = "", value
    while before != text:
        before, text = text, _VARIABLE.sub(lambda found: f"\0{token(found[0][2:-1])[2:-1]}\1", text)
    return re.sub("\0([^\0\1]*)\1", r"${\1}", text)


def _resources(value: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    given = value.get("resources")
    parts = enumerate(given) if isinstance(given, list) else [(None, given)]
    for number, part in parts:
        pointer = "/resources" if number is None else f"/resources/{number}"
        found = part.get("Resources") if isinstance(part, Mapping) else None
        for name, resource in found.items() if isinstance(found, Mapping) else ():
            yield str(name), resource, f"{pointer}/Resources/{escaped(str(name))}"


def _functions(value: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    provider = value.get("provider")
    default = provider.get("timeout") if isinstance(provider, Mapping) else None
    for name, function, pointer in _given_functions(value):
        timeout = function.get("timeout", default if default is not None else _DEFAULT_TIMEOUT)
        properties = {"Timeout": timeout, "Handler": function.get("handler")}
        yield (
            f"{_normalised(name)}LambdaFunction",
            {"Type": "AWS::Lambda::Function", "Properties": properties},
            pointer,
        )


def _templates(value: Mapping[str, Any]) -> Iterator[tuple[str, Any, dict[str, str]]]:
    for name, function, pointer in _given_functions(value):
        events = function.get("events")
        for number, event in enumerate(events if isinstance(events, list) else ()):
            settings = event.get("iotFleetProvisioning") if isinstance(event, Mapping) else None
            if isinstance(settings, Mapping):
                here = f"{pointer}/events/{number}/iotFleetProvisioning"
                yield from _template(_normalised(name), settings, here)


def _template(name: str, settings: Mapping[str, Any], here: str) -> Iterator[tuple[str, Any, dict[str, str]]]:
    function = {"Fn::GetAtt": [f"{name}LambdaFunction", "Arn"]}
    permission = f"{name}LambdaPermissionIotProvisioningTemplate"
    body = settings.get("templateBody")
    properties = {
        "Enabled": settings.get("enabled", True),
        "PreProvisioningHook": {"TargetArn": function},
        "ProvisioningRoleArn": settings.get("provisioningRoleArn", KNOWN_LATER),
        "TemplateBody": json.dumps(body, default=str) if isinstance(body, Mapping) else body,
    }
    if "templateName" in settings:
        properties["TemplateName"] = settings["templateName"]
    template = {"Type": "AWS::IoT::ProvisioningTemplate", "DependsOn": permission, "Properties": properties}
    names = {"TemplateBody": "templateBody", "TemplateName": "templateName"}
    moves = {
        "": here,
        "/Properties": here,
        "/Properties/PreProvisioningHook": here,
        **{f"/Properties/{ours}": f"{here}/{name}" for ours, name in names.items()},
    }
    yield f"{name}IotProvisioningTemplate", template, moves
    allowed = {"FunctionName": function, "Action": "lambda:InvokeFunction", "Principal": "iot.amazonaws.com"}
    yield (
        permission,
        {"Type": "AWS::Lambda::Permission", "Properties": allowed},
        {"": here, "/Properties": here},
    )


def _given_functions(value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    given = value.get("functions")
    parts = enumerate(given) if isinstance(given, list) else [(None, given)]
    for number, part in parts:
        pointer = "/functions" if number is None else f"/functions/{number}"
        for name, function in part.items() if isinstance(part, Mapping) else ():
            if isinstance(function, Mapping):
                yield str(name), function, f"{pointer}/{escaped(str(name))}"


def _normalised(name: str) -> str:
    capitalised = f"{name[:1].upper()}{name[1:]}"
    return "".join(_NOT_ALPHANUMERIC.get(character, character) for character in capitalised)
