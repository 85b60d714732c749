"""The hook of a template inside a CloudFormation template: its function and who may invoke it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.context import Hook, InvokePermission
from ..aws_iot.unresolved import is_unresolved
from .library_hooks import hook_variables, listed_parameters_of
from .stack_values import StackValues, token

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_VERSIONS = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_DEFAULT_TIMEOUT = 3
_ARN_PARTS = 7
_TOKEN = re.compile(r"\$\{Token\[.*?\]\}")


def hook_of(values: StackValues, template_id: str, place: Located) -> Hook | None:
    """The hook of a template.

    Args:
        values: The CloudFormation template.
        template_id: The logical id of the provisioning template.
        place: Where its ``PreProvisioningHook`` is.
    """
    conditional, settings = _branch(values, place.value)
    if not isinstance(settings, Mapping):
        return None
    function_id, qualifier = _function(values, settings.get("TargetArn"))
    function = values.resource(function_id, *_FUNCTIONS)
    target = values.resolve(settings.get("TargetArn"))
    permissions = list(_permissions(values, template_id, function_id, target))
    own = hook_variables(values, function) if function else None
    variables = own or {}
    return Hook(
        target_arn=target,
        payload_version=values.resolve(settings.get("PayloadVersion")),
        conditional=conditional,
        timeout_seconds=_timeout(values, function) if function else None,
        permissions=permissions if function or permissions else None,
        path=place.path,
        function_path=function.path if function else None,
        serial_number_parameter=variables.get("SERIAL_NUMBER_PARAMETER", "SerialNumber"),
        serial_number_pattern=variables.get("SERIAL_NUMBER_PATTERN"),
        qualifier=qualifier,
        listed_parameters=None if own is None else listed_parameters_of(own),
        wants_proof="ATTESTATION" in variables,
    )


def _branch(values: StackValues, value: Any) -> tuple[bool, Any]:
    """Whether a condition decides, and the settings in the branch that has some."""
    match value:
        case {"Fn::If": [_, *branches]} if len(value) == 1:
            given = [branch for branch in branches if values.resolve(branch) is not None]
            return len(given) < len(branches), given[0] if given else None
        case _:
            return False, value


def _function(values: StackValues, value: Any) -> tuple[str | None, str | None]:
    """The function that an expression names, and its alias or version."""
    logical_id = values.referenced(value)
    version = values.resource(logical_id, *_VERSIONS)
    if version:
        name = values.resolve((version / "Properties" / "Name").value)
        function_id, _ = _function(values, (version / "Properties" / "FunctionName").value)
        return function_id, str(name or logical_id)
    if logical_id is None and (made := _made_alias(values, value)):
        return made
    qualifier = _qualifier(values.resolve(value))
    if logical_id and values.resolve(value) == token(f"{logical_id}.Alias"):
        qualifier = str(values.resolve(_alias_of(values, logical_id)) or qualifier)
    return logical_id, qualifier


def _made_alias(values: StackValues, value: Any) -> tuple[str, str] | None:
    # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
    match value:
        case {"Ref": str() as name} if len(value) == 1:
            for logical_id, _ in values.resources("AWS::Serverless::Function"):
                alias = values.resolve(_alias_of(values, logical_id))
                if alias and name in (f"{logical_id}.Alias", f"{logical_id}Alias{alias}"):
                    return logical_id, str(alias)
    return None


def _alias_of(values: StackValues, logical_id: str) -> Any:
    return (values.root / "Resources" / logical_id / "Properties" / "AutoPublishAlias").value


def _qualifier(text: Any) -> str | None:
    """What follows the name of a function in its ARN, or in a shorter form of it."""
    if not isinstance(text, str):
        return None
    rest = _TOKEN.sub("", text)
    parts = rest.split(":")
    if rest.startswith("arn:") and len(parts) > _ARN_PARTS:
        return parts[_ARN_PARTS]
    is_short = not rest.startswith("arn:") and len(parts) == 2 and bool(parts[1])
    return parts[1] if is_short else None


def _timeout(values: StackValues, function: Located) -> Any:
    given = values.resolve((function / "Properties" / "Timeout").value)
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    return _DEFAULT_TIMEOUT if given is None else given


def _permissions(
    values: StackValues, template_id: str, function_id: str | None, target: Any
) -> Iterator[InvokePermission]:
    for logical_id, place in values.resources("AWS::Lambda::Permission"):
        properties = place / "Properties"
        name = (properties / "FunctionName").value
        permitted, qualifier = _function(values, name)
        same = function_id is not None and permitted == function_id
        settings = values.resolve(properties.value)
        if isinstance(settings, Mapping) and (same or _is_same_text(values.resolve(name), target)):
            given = settings.get("Qualifier")
            yield InvokePermission(
                principal=settings.get("Principal"),
                action=settings.get("Action"),
                source_arn=settings.get("SourceArn"),
                source_account=settings.get("SourceAccount"),
                created_first=values.waits_for(template_id, logical_id),
                path=properties.path,
                qualifier=str(given) if given else qualifier,
            )


def _is_same_text(name: Any, target: Any) -> bool:
    texts = isinstance(name, str) and isinstance(target, str) and bool(name)
    if not texts or is_unresolved(name):
        return texts and name == target
    return _function_name(name) == _function_name(target)


def _function_name(text: str) -> str:
    """The ARN of a function, or its name alone, without what follows."""
    parts = text.split(":")
    return parts[_ARN_PARTS - 1] if text.startswith("arn:") and len(parts) >= _ARN_PARTS else parts[0]
