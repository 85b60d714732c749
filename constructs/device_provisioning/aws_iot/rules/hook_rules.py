"""Rules about the pre-provisioning hook."""

import json
from collections.abc import Iterator

from ...attestation.proof import PROOF_PARAMETER
from ..finding import Severity
from ..fix import Fix, Replacement
from ..limits import HOOK_TIMEOUT_SECONDS
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import Body
from .context import Hook, InvokePermission
from .registry import API, GUIDE, Evidence, Problem, rule
from .statements import IOT_SERVICES, can_match, resource_part

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
    """Without it every device is refused. A permission without a source works, for every account."""
    hook = body.context.hook
    if not hook or hook.permissions is None:
        return
    for_iot = [entry for entry in hook.permissions if _is_for_iot(entry)]
    permissions = [entry for entry in for_iot if entry.qualifier == hook.qualifier]
    if not for_iot:
        yield Problem(hook.path, "nothing permits iot.amazonaws.com to invoke the hook's function")
    elif not permissions:
        yield Problem(
            for_iot[0].path,
            f"the permission is for {_named(for_iot[0].qualifier)},"
            f" and the hook invokes {_named(hook.qualifier)}",
            hint="give the permission's FunctionName what the hook's TargetArn has: an alias or a version has"
            " permissions of its own",
        )
    else:
        yield from _about_source(body, hook, permissions)


def _named(qualifier: str | None) -> str:
    return "the function itself" if qualifier is None else f"its alias or version {qualifier!r}"


def _about_source(body: Body, hook: Hook, permissions: list[InvokePermission]) -> Iterator[Problem]:
    if all(entry.source_arn is None and entry.source_account is None for entry in permissions):
        yield Problem(
            permissions[0].path,
            "the permission has neither SourceArn nor SourceAccount, so every account may use it",
            Severity.WARNING,
        )
    elif not any(_is_for_template(entry, body, hook) for entry in permissions):
        yield Problem(permissions[0].path, _mismatch(permissions[0], body, hook))
    if not any(entry.created_first for entry in permissions):
        yield Problem(
            permissions[0].path,
            "the template does not wait for the permission, which AWS IoT tries when it creates the template",
            Severity.WARNING,
            "let the template depend on it by DependsOn",
        )


def _mismatch(permission: InvokePermission, body: Body, hook: Hook) -> str:
    name = _name(body)
    template, needed = resource_part(permission.source_arn), f"provisioningtemplate/{name}"
    if not can_match(template, needed):
        return f"the permission is for {template}, which is another template"
    region, account = (":".join(_parts(permission.source_arn)[at : at + 1]) for at in (3, 4))
    own_region, own_account = _parts(hook.target_arn)[3:5]
    return (
        f"the permission is for a template in account {account} and Region {region}, and the hook's function"
        f" is in account {own_account} and Region {own_region}"
    )


def _name(body: Body) -> str:
    definition = body.context.definition
    return str(definition.template_name) if definition and definition.template_name is not None else "*"


def _is_for_iot(permission: InvokePermission) -> bool:
    by_iot = any(_fits(permission.principal, service) for service in IOT_SERVICES)
    return by_iot and (
        permission.action in ("lambda:*", "*") or _fits(permission.action, "lambda:InvokeFunction")
    )


def _fits(value: object, expected: str) -> bool:
    return value == expected or is_unresolved(value)


def _is_for_template(permission: InvokePermission, body: Body, hook: Hook) -> bool:
    if permission.source_arn is None:
        return True
    place = ":".join(_parts(hook.target_arn)[3:5])
    return can_match(str(permission.source_arn), f"arn:*:iot:{place}:provisioningtemplate/{_name(body)}")


def _parts(arn: object) -> list[str]:
    parts = str(arn).split(":")
    is_arn = parts[0] == "arn" and len(parts) >= _ARN_PARTS and not is_unresolved(arn)
    return parts if is_arn else ["*"] * _ARN_PARTS


@rule(
    "DP051",
    "the hook's function is in the account and Region of the template",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_HOOK,
    hint="give the template a function of its own account and Region",
)
def hook_is_near(body: Body) -> Iterator[Problem]:
    """AWS IoT invokes no other one."""
    definition, hook = body.context.definition, body.context.hook
    if definition and definition.account and hook:
        account = _parts(hook.target_arn)[4]
        if account.isdecimal() and account != definition.account:
            yield Problem(
                hook.path,
                f"the hook's function is in account {account}, the template in account {definition.account}",
            )


@rule(
    "DP052",
    "a fleet template has a hook",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=_HOOK,
    hint="let a pre-provisioning hook decide about each device, or silence this rule if whoever holds a claim"
    " may register any device",
)
def has_hook(body: Body) -> Iterator[Problem]:
    """A claim is shared by many devices: without a hook, whoever has one registers as any of them."""
    definition = body.context.definition
    is_fleet = body.template_type is TemplateType.FLEET_PROVISIONING
    if definition and definition.has_settings and is_fleet and not body.context.hook:
        yield Problem(definition.path, "the template has no pre-provisioning hook")


@rule(
    "DP063",
    "a body declares the proof that its hook wants",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=_HOOK,
    hint=f"declare {PROOF_PARAMETER} among the Parameters of the body",
)
def proof_is_declared(body: Body) -> Iterator[Problem]:
    """AWS documents nothing of what becomes of a parameter that the body does not declare."""
    hook, declared = body.context.hook, body.section("Parameters")
    names = {name for name, _ in declared.items()}
    if hook and hook.wants_proof and PROOF_PARAMETER not in names:
        yield Problem(
            declared.path, f"{PROOF_PARAMETER} is not declared, in which the hook looks for a proof"
        )


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
        message = f"the function's timeout is {seconds} seconds, and AWS IoT waits 5"
        yield Problem(hook.path, message, fix=_shorter(hook))


def _shorter(hook: Hook) -> Fix | None:
    if not hook.function_path:
        return None
    path = f"{hook.function_path}/Properties/Timeout"
    return Fix((Replacement(path, str(HOOK_TIMEOUT_SECONDS)),), is_safe=False)


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
        path = f"{hook.path}/PayloadVersion"
        fix = Fix((Replacement(path, json.dumps(PAYLOAD_VERSION)),))
        yield Problem(path, f"PayloadVersion is {version!r}", fix=fix)


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
