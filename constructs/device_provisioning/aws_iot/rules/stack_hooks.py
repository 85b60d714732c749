"""The hook of a template inside a CloudFormation template: its function and who may invoke it."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..unresolved import is_unresolved
from .body import Located
from .context import Hook, InvokePermission
from .stack_values import StackValues

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_VERSIONS = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_DEFAULT_TIMEOUT = 3


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
    function_id = _function(values, settings.get("TargetArn"))
    function = values.resource(function_id, *_FUNCTIONS)
    target = values.resolve(settings.get("TargetArn"))
    permissions = list(_permissions(values, template_id, function_id, target))
    return Hook(
        target_arn=target,
        payload_version=values.resolve(settings.get("PayloadVersion")),
        conditional=conditional,
        timeout_seconds=_timeout(values, function) if function else None,
        permissions=permissions if function or permissions else None,
        path=place.path,
        function_path=function.path if function else None,
    )


def _branch(values: StackValues, value: Any) -> tuple[bool, Any]:
    """Whether a condition decides, and the settings in the branch that has some."""
    match value:
        case {"Fn::If": [_, *branches]} if len(value) == 1:
            given = [branch for branch in branches if values.resolve(branch) is not None]
            return len(given) < len(branches), given[0] if given else None
        case _:
            return False, value


def _function(values: StackValues, value: Any) -> str | None:
    logical_id = values.referenced(value)
    version = values.resource(logical_id, *_VERSIONS)
    return values.referenced((version / "Properties" / "FunctionName").value) if version else logical_id


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
        same = function_id is not None and _function(values, name) == function_id
        if same or _is_same_text(values.resolve(name), target):
            settings = values.resolve(properties.value) or {}
            yield InvokePermission(
                principal=settings.get("Principal"),
                action=settings.get("Action"),
                source_arn=settings.get("SourceArn"),
                source_account=settings.get("SourceAccount"),
                created_first=values.waits_for(template_id, logical_id),
                path=properties.path,
            )


def _is_same_text(name: Any, target: Any) -> bool:
    texts = isinstance(name, str) and isinstance(target, str) and bool(name)
    return texts and (name == target or (not is_unresolved(name) and target.endswith(f":function:{name}")))
