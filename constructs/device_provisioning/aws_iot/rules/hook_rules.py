"""Rules about the pre-provisioning hook."""

from collections.abc import Iterator

from ..finding import Severity
from ..hook_settings import HOOK_TIMEOUT_SECONDS
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import Body
from .context import Hook, InvokePermission
from .registry import API, GUIDE, Evidence, Problem, rule
from .statements import can_match, resource_part

PAYLOAD_VERSION = "2020-04-01"
_ARN_PARTS = 6
_HOOK = f"{GUIDE}pre-provisioning-hook.html"


@rule(
    "DP010",
    "only fleet templates have a hook",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{API}API_CreateProvisioningTemplate.html",
    hint="remove the hook, or make the template one of type FLEET_PROVISIONING",
)
def hook_of_fleet(body: Body) -> Iterator[Problem]:
    """The API supports it for FLEET_PROVISIONING only."""
    hook = body.context.hook
    if hook and body.template_type is not TemplateType.FLEET_PROVISIONING:
        yield Problem(hook.path, f"a template of type {body.template_type} has a pre-provisioning hook")


@rule(
    "DP033",
    "AWS IoT may invoke the hook, for this template only, before the template is created",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_HOOK,
    hint="add an AWS::Lambda::Permission with Action lambda:InvokeFunction, Principal iot.amazonaws.com,"
    " SourceArn of the template and SourceAccount, and let the template depend on it",
)
def invoke_permission(body: Body) -> Iterator[Problem]:
    """Without it every device is refused."""
    hook = body.context.hook
    if not hook or hook.permissions is None:
        return
    permissions = [entry for entry in hook.permissions if _is_for_iot(entry)]
    if not permissions:
        yield Problem(hook.path, "nothing permits iot.amazonaws.com to invoke the hook's function")
        return
    if all(entry.source_arn is None and entry.source_account is None for entry in permissions):
        yield Problem(permissions[0].path, "the permission has neither SourceArn nor SourceAccount")
    elif not any(_is_for_template(entry, body, hook) for entry in permissions):
        yield Problem(
            permissions[0].path,
            f"the permission is for {resource_part(permissions[0].source_arn)}, which is another template",
        )
    if not any(entry.created_first for entry in permissions):
        yield Problem(
            permissions[0].path,
            "the template does not wait for the permission, which AWS IoT tries when it creates the template",
            Severity.WARNING,
            "let the template depend on it by DependsOn",
        )


def _is_for_iot(permission: InvokePermission) -> bool:
    return _fits(permission.principal, "iot.amazonaws.com") and (
        permission.action in ("lambda:*", "*") or _fits(permission.action, "lambda:InvokeFunction")
    )


def _fits(value: object, expected: str) -> bool:
    return value == expected or is_unresolved(value)


def _is_for_template(permission: InvokePermission, body: Body, hook: Hook) -> bool:
    if permission.source_arn is None:
        return True
    definition = body.context.definition
    name = definition.template_name if definition and definition.template_name is not None else "*"
    place = ":".join(_parts(hook.target_arn)[3:5]) if hook.target_arn else "*"
    return can_match(str(permission.source_arn), f"arn:*:iot:{place}:provisioningtemplate/{name}")


def _parts(arn: object) -> list[str]:
    parts = str(arn).split(":")
    is_arn = parts[0] == "arn" and len(parts) >= _ARN_PARTS and not is_unresolved(arn)
    return parts if is_arn else ["*"] * _ARN_PARTS


@rule(
    "DP034",
    "the hook's function ends within 5 seconds",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=_HOOK,
    hint=f"set its Timeout to {HOOK_TIMEOUT_SECONDS} or less",
)
def hook_timeout(body: Body) -> Iterator[Problem]:
    """AWS IoT waits no longer, so a longer timeout hides what fails."""
    hook = body.context.hook
    seconds = hook.timeout_seconds if hook else None
    if (
        hook
        and isinstance(seconds, int | float)
        and not is_unresolved(seconds)
        and seconds > HOOK_TIMEOUT_SECONDS
    ):
        yield Problem(hook.path, f"the function's timeout is {seconds} seconds, and AWS IoT waits 5")


@rule(
    "DP035",
    f"the hook's payload version is {PAYLOAD_VERSION}",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{API}API_ProvisioningHook.html",
    hint=f"set PayloadVersion to {PAYLOAD_VERSION}",
)
def payload_version(body: Body) -> Iterator[Problem]:
    """No other was ever published; it may be left out."""
    hook = body.context.hook
    version = hook.payload_version if hook else None
    if hook and version is not None and not is_unresolved(version) and version != PAYLOAD_VERSION:
        yield Problem(f"{hook.path}/PayloadVersion", f"PayloadVersion is {version!r}")


@rule(
    "DP040",
    "a hook is not taken away by leaving it out",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source="https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot",
    hint="call update-provisioning-template --remove-pre-provisioning-hook after the condition turns, or"
    " deploy two templates",
)
def hook_stays(body: Body) -> Iterator[Problem]:
    """Whether CloudFormation still behaves like its public source of 2021 is not documented."""
    hook = body.context.hook
    if hook and hook.conditional:
        yield Problem(
            hook.path,
            "a condition decides whether there is a hook, and CloudFormation's public source never removes"
            " one (today's behaviour is not documented)",
        )
