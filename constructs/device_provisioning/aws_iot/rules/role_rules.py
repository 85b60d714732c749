"""Rules about the provisioning role."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Severity
from ..touched_resources import touched_resources
from ..unresolved import is_unresolved
from .body import Body
from .context import Role
from .registry import GUIDE, Evidence, Problem, rule
from .statements import (
    IOT_SERVICES,
    allowed,
    allows,
    as_list,
    can_match,
    is_readable,
    resource_part,
    resources,
)

MANAGED_POLICY = "AWSIoTThingsRegistration"
_ARN_OPERATORS = ("arnlike", "arnequals", "stringlike", "stringequals")


@rule(
    "DP030",
    "the provisioning role can be assumed by AWS IoT, for this template",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source=f"{GUIDE}cross-service-confused-deputy-prevention.html",
    hint="let the trust policy allow sts:AssumeRole to the service iot.amazonaws.com, with aws:SourceArn of"
    " the template (cacert/* for a body inside a CA) and aws:SourceAccount",
)
def role_trust(body: Body) -> Iterator[Problem]:
    """A trust without a condition on its source is a warning: another account could use the role."""
    role = body.context.role
    if not role or role.trust is None:
        return
    statements = [entry for entry in allowed(role.trust) if allows(entry, "sts:AssumeRole")]
    trusting = [entry for entry in statements if _trusts_iot(entry)]
    if not trusting and is_readable([role.trust]) and not any(map(_is_unknown, statements)):
        yield Problem(role.path, "the role does not trust iot.amazonaws.com")
    for entry in trusting:
        yield from _source(entry, role, _expected(body))


def _trusts_iot(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = as_list(principal.get("Service")) if isinstance(principal, Mapping) else []
    return any(service in IOT_SERVICES for service in services)


def _is_unknown(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = as_list(principal.get("Service")) if isinstance(principal, Mapping) else as_list(principal)
    return any(is_unresolved(service) for service in services)


def _expected(body: Body) -> str:
    if body.context.belongs_to_ca:
        return "cacert/*"
    name = body.context.definition.template_name if body.context.definition else None
    return f"provisioningtemplate/{'*' if name is None else name}"


def _source(statement: Mapping[str, Any], role: Role, expected: str) -> Iterator[Problem]:
    conditions = dict(_conditions(statement))
    arns = conditions.get("aws:sourcearn")
    if arns and not any(can_match(resource_part(arn), expected) for arn in arns):
        yield Problem(role.path, f"the trust is for {resource_part(arns[0])}, and {expected} needs the role")
    elif not arns and "aws:sourceaccount" not in conditions:
        yield Problem(
            role.path, "the trust has neither aws:SourceArn nor aws:SourceAccount", Severity.WARNING
        )


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    conditions = statement.get("Condition")
    for operator, entries in conditions.items() if isinstance(conditions, Mapping) else ():
        if str(operator).lower().removesuffix("ifexists") in _ARN_OPERATORS and isinstance(entries, Mapping):
            yield from ((str(key).lower(), as_list(value)) for key, value in entries.items())


@rule(
    "DP032",
    "the provisioning role allows what the body needs",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=f"{GUIDE}provision-wo-cert.html",
    hint=f"attach {MANAGED_POLICY}, or allow the action on the resource (what suffices is not documented)",
)
def role_permissions(body: Body) -> Iterator[Problem]:
    """The actions that change something are checked; AWS publishes no list of what is needed."""
    role = body.context.role
    if not role or role.policies is None or not is_readable(role.policies) or has_managed_registration(role):
        return
    statements = [entry for document in role.policies for entry in allowed(document)]
    missing: dict[tuple[str, ...], list[str]] = {}
    for actions, resource in needed_actions(body.document):
        if not any(permits(entry, actions, resource) for entry in statements):
            missing.setdefault(actions, []).append(resource)
    lacking = [f"{' or '.join(actions)} on {' and '.join(on)}" for actions, on in missing.items()]
    unknown = [str(arn).rpartition("/")[2] for arn in role.managed_policy_arns]
    if lacking and unknown:
        message = f"whether {' or '.join(unknown)} allows {', '.join(lacking)} was not checked"
        yield Problem(role.path, message, Severity.INFO, "check what that managed policy allows")
        return
    yield from (Problem(role.path, f"the role does not allow {what}") for what in lacking)


@rule(
    "DP054",
    "the provisioning role allows no more than the body needs",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}provision-wo-cert.html",
    hint="allow the actions that the body needs on its own things, groups and policies, or silence this rule",
)
def role_is_narrow(body: Body) -> Iterator[Problem]:
    """With the managed policy, a template reaches all things, certificates and policies of the account."""
    role = body.context.role
    if role and has_managed_registration(role):
        message = f"the role has {MANAGED_POLICY}, which is about every thing, certificate and policy"
        yield Problem(role.path, message)


def has_managed_registration(role: Role) -> bool:
    """Whether a role has AWS's own policy for registration."""
    return any(MANAGED_POLICY in str(arn) for arn in role.managed_policy_arns)


def needed_actions(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the role of a body has to be allowed: one of these actions, on this resource, each once."""
    yield from dict.fromkeys(_needed(document))


def _needed(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    touched = touched_resources(document)
    yield ("iot:UpdateCertificate",), "cert/*"
    if document.get("Resources") and (touched.policies or touched.creates_policies):
        yield ("iot:AttachPolicy", "iot:AttachPrincipalPolicy"), "cert/*"
    if touched.creates_policies:
        yield ("iot:CreatePolicy",), "policy/*"
    for name in touched.things:
        yield ("iot:CreateThing",), f"thing/{name}"
        yield ("iot:AttachThingPrincipal",), "cert/*"
    for name in touched.thing_groups:
        yield ("iot:AddThingToThingGroup",), f"thinggroup/{name}"
        yield from ((("iot:AddThingToThingGroup",), f"thing/{thing}") for thing in touched.things)
    for name in touched.billing_groups:
        yield ("iot:AddThingToBillingGroup",), f"billinggroup/{name}"
        yield from ((("iot:AddThingToBillingGroup",), f"thing/{thing}") for thing in touched.things)


def permits(statement: Mapping[str, Any], actions: tuple[str, ...], resource: str) -> bool:
    """Whether a statement is about one of some actions on a resource."""
    on_resource = any(can_match(pattern, resource) for pattern in resources(statement))
    return on_resource and any(allows(statement, action) for action in actions)
