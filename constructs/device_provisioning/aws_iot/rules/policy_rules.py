"""Rules about the device's policies."""

import json
import reprlib
from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Severity
from ..limits import MAX_POLICIES, MAX_POLICY_DOCUMENT
from ..template_text import is_too_deep
from ..template_type import TemplateType
from ..unresolved import is_unresolved, unresolved_paths
from .body import POLICY, Body, Located, functions, is_function
from .registry import GUIDE, QUOTAS, Evidence, Problem, rule
from .statements import allowed, as_list, everything

_SECTION = f"{GUIDE}provision-template.html"


@rule(
    "DP013",
    "a policy has either PolicyName or PolicyDocument",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://github.com/aws-samples/aws-iot-device-management-workshop/issues/1",
    hint="name a policy that exists with PolicyName, or hold one in PolicyDocument, not both",
)
def one_form(body: Body) -> Iterator[Problem]:
    """A body without any policy is a warning: whether AWS IoT accepts it is not documented."""
    resources = body.resources(POLICY)
    if not (resources or body.defect):
        yield Problem(
            body.section("Resources").path,
            "there is no policy, so the certificate allows nothing (whether AWS IoT accepts that is not"
            " documented)",
            Severity.WARNING,
        )
    for resource in resources:
        properties = resource / "Properties"
        given = [name for name in ("PolicyName", "PolicyDocument") if (properties / name).value is not None]
        if len(given) != 1:
            yield Problem(properties.path, f"the policy has {' and '.join(given) or 'neither of the two'}")


@rule(
    "DP014",
    "a policy uses no Fn::Join",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}intrinsic-functions.html",
    hint="name a policy that uses policy variables such as ${iot:Connection.Thing.ThingName}",
)
def no_join(body: Body) -> Iterator[Problem]:
    """The guide excludes it in policy resources."""
    for resource in body.resources(POLICY):
        for function, argument in functions(resource):
            if function == "Fn::Join":
                yield Problem(argument.path, "Fn::Join in a policy")


@rule(
    "DP015",
    "a policy document is JSON of at most 2,048 characters, in JITP and bulk bodies as text",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=QUOTAS,
    hint='give an object with a Statement; in JITP and bulk bodies as text, such as "{\\"Version\\": …}"',
)
def document_form(body: Body) -> Iterator[Problem]:
    """White space does not count."""
    for place in body.properties(POLICY, "PolicyDocument"):
        if is_unresolved(place.value) or is_function(place.value):
            continue
        document = document_of(place)
        if not isinstance(document, Mapping):
            yield Problem(place.path, "PolicyDocument is not a JSON object")
            continue
        if "Statement" not in document:
            yield Problem(place.path, "PolicyDocument has no Statement")
        if not isinstance(place.value, str) and body.template_type is not TemplateType.FLEET_PROVISIONING:
            yield Problem(
                place.path,
                f"PolicyDocument of a {body.template_type} body is an object, and the guide shows text only"
                " (an object is not documented)",
            )
        yield from _too_long(place, document)


def _too_long(place: Located, document: Mapping[str, Any]) -> Iterator[Problem]:
    if any(functions(Located("", document))) or any(unresolved_paths(document)):
        return
    text = place.value if isinstance(place.value, str) else json.dumps(document, ensure_ascii=False)
    length = len("".join(text.split()))
    if length > MAX_POLICY_DOCUMENT:
        yield Problem(
            place.path,
            f"PolicyDocument has {length} characters without whitespace, at most {MAX_POLICY_DOCUMENT} fit",
        )


@rule(
    "DP016",
    "a policy document allows neither every action nor every resource",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}iot-policies.html",
    hint="allow a device its own client id and topics, by policy variables",
)
def no_wildcard(body: Body) -> Iterator[Problem]:
    """Such a device could act as any other; a policy that the body names is judged as one that it holds."""
    for place in body.properties(POLICY, "PolicyDocument"):
        yield from _wide(place.path, document_of(place))
    names = policy_names(body.document)
    for policy in body.context.policies or ():
        if policy.name in names:
            yield from _wide(policy.path, policy.document)


def _wide(path: str, document: Any) -> Iterator[Problem]:
    for statement in allowed(document):
        actions = [action for action in as_list(statement.get("Action")) if action in ("*", "iot:*")]
        others = [f"all but {reprlib.repr(statement[key])}" for key in _ALL_BUT if key in statement]
        wide = [*actions, *everything(statement), *others]
        if wide:
            yield Problem(path, f"a statement is about {' and '.join(wide)}")


_ALL_BUT = ("NotAction", "NotResource")


@rule(
    "DP053",
    "a policy that a body names exists",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint="name a policy that is defined here, or make sure that it exists: registration fails otherwise",
)
def named_policy_exists(body: Body) -> Iterator[Problem]:
    """Where no policy is defined next to the template, this is information: a file alone can't show it."""
    defined = body.context.policies
    if defined is None:
        return
    held = {policy.path for claim in body.context.claims for policy in claim.policies}
    others = [policy.name for policy in defined if policy.path not in held]
    if any(map(is_unresolved, others)):
        return
    for place in body.properties(POLICY, "PolicyName"):
        known = not isinstance(place.value, str) or is_unresolved(place.value)
        if known or place.value in {policy.name for policy in defined}:
            continue
        nearby = f", which defines {', '.join(map(str, others))}" if others else ""
        message = f"the policy {place.value!r} is not defined here{nearby}"
        yield Problem(place.path, message, None if others else Severity.INFO)


def policy_names(document: Mapping[str, Any]) -> set[str]:
    """The names of the policies that a body attaches, as far as they are fixed."""
    resources = Located("", document) / "Resources"
    policies = [entry for entry in resources.inner() if (entry / "Type").value == POLICY]
    names = [(entry / "Properties" / "PolicyName").value for entry in policies]
    return {name for name in names if isinstance(name, str)}


@rule(
    "DP017",
    "a body has at most 10 policies",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=QUOTAS,
    hint="put the statements into fewer policies",
)
def policy_count(body: Body) -> Iterator[Problem]:
    """A certificate takes no more."""
    count = len(body.resources(POLICY))
    if count > MAX_POLICIES:
        yield Problem(body.section("Resources").path, f"there are {count} policies")


def document_of(place: Located) -> Any:
    """A policy document, whichever way it is written; ``None`` if it can't be read."""
    if not isinstance(place.value, str):
        return place.value
    try:
        document = json.loads(place.value)
    except (ValueError, RecursionError):
        return None
    return None if is_too_deep([document]) else document
