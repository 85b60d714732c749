"""Rules about the thing's name, type, groups and attributes."""

import reprlib
from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..limits import (
    ATTRIBUTE_NAME,
    ATTRIBUTE_VALUE,
    BILLING_GROUP_NAME,
    MAX_ATTRIBUTES,
    MAX_ATTRIBUTES_WITHOUT_THING_TYPE,
    MAX_THING_GROUPS,
    POLICY_NAME,
    THING_GROUP_NAME,
    THING_NAME,
    THING_TYPE_NAME,
    TextLimit,
)
from ..unresolved import is_unresolved
from .body import POLICY, THING, Body, Located, is_function, literal_pieces
from .registry import API, GUIDE, QUOTAS, Evidence, Problem, rule

_SHOWN = 60
_NAMES = (
    (THING, "ThingName", THING_NAME),
    (THING, "ThingTypeName", THING_TYPE_NAME),
    (THING, "BillingGroup", BILLING_GROUP_NAME),
    (POLICY, "PolicyName", POLICY_NAME),
)


@rule(
    "DP023",
    "names of things, types, groups and policies have 1 to 128 characters that AWS IoT accepts",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{API}API_CreateThing.html",
    hint="give 1 to 128 letters, digits, :, _ and -; for a policy letters, digits and _+=,.@-",
)
def names(body: Body) -> Iterator[Problem]:
    """Of a function, the parts that are fixed are checked."""
    for resource_type, name, limit in _NAMES:
        for place in body.properties(resource_type, name):
            yield from _text(place, name, limit)
    for groups in body.properties(THING, "ThingGroups"):
        if not isinstance(groups.value, list | tuple) and not is_unresolved(groups.value):
            yield Problem(groups.path, f"ThingGroups is {reprlib.repr(groups.value)}, no list")
        for place in groups.elements():
            yield from _text(place, "a thing group", THING_GROUP_NAME)


@rule(
    "DP024",
    "attributes have names and values that AWS IoT accepts, which excludes spaces",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{API}API_AttributePayload.html",
    hint="names: 1 to 128 of a-zA-Z0-9_.,@/:#-; values: up to 800 of a-zA-Z0-9_.,@/:#=[]-, so no spaces",
)
def attributes(body: Body) -> Iterator[Problem]:
    """Of a function, the parts that are fixed are checked."""
    for payload in body.properties(THING, "AttributePayload"):
        if not isinstance(payload.value, Mapping) and not is_unresolved(payload.value):
            yield Problem(
                payload.path,
                f"AttributePayload is {reprlib.repr(payload.value)}, not an object of names and values",
            )
        for name, place in _attributes(payload):
            yield from _text(Located(place.path, name), "an attribute's name", ATTRIBUTE_NAME)
            if is_function(place.value) or not isinstance(place.value, Mapping | list | tuple):
                yield from _text(place, f"attribute {name!r}", ATTRIBUTE_VALUE)


@rule(
    "DP025",
    "a thing has at most 3 attributes, 50 with a thing type",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=QUOTAS,
    hint="give the thing a type, or fewer attributes; the quota of 50 can be raised",
)
def attribute_count(body: Body) -> Iterator[Problem]:
    """The first limit is fixed, the second adjustable."""
    for resource in body.resources(THING):
        payload, thing_type = (
            resource / "Properties" / "AttributePayload",
            resource / "Properties" / "ThingTypeName",
        )
        count = len(_attributes(payload))
        limit = MAX_ATTRIBUTES_WITHOUT_THING_TYPE if thing_type.value is None else MAX_ATTRIBUTES
        if count > limit:
            kind = "without" if thing_type.value is None else "with"
            yield Problem(
                payload.path, f"{count} attributes {kind} a thing type, at most {limit} are allowed"
            )


@rule(
    "DP026",
    "attributes are a flat map",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{GUIDE}provision-template.html",
    hint='give {"name": "value"}: a template takes no {"attributes": …} around it, unlike the API',
)
def flat_attributes(body: Body) -> Iterator[Problem]:
    """The API and CloudFormation's thing wrap them, a template does not."""
    for payload in body.properties(THING, "AttributePayload"):
        for name, place in _attributes(payload):
            if isinstance(place.value, Mapping | list | tuple) and not is_function(place.value):
                yield Problem(place.path, f"{name!r} of AttributePayload is nested")


@rule(
    "DP028",
    "a thing is in at most 10 groups, and in one of a hierarchy",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=QUOTAS,
    hint="name fewer groups, one of each hierarchy and each once",
)
def groups(body: Body) -> Iterator[Problem]:
    """Hierarchies are known only for groups that are defined next to the template, and are a warning."""
    for place in body.properties(THING, "ThingGroups"):
        entries = [entry.value for entry in place.elements()]
        if len(entries) > MAX_THING_GROUPS:
            yield Problem(place.path, f"{len(entries)} groups")
        roots: dict[str, str] = {}
        for name in [entry for entry in entries if isinstance(entry, str)]:
            root = _root(body, name)
            if root in roots:
                yield Problem(
                    place.path, f"{roots[root]!r} and {name!r} are of one hierarchy", Severity.WARNING
                )
            roots[root] = name


def _root(body: Body, name: str) -> str:
    parents = {n.name: n.parent for n in body.context.neighbours if n.kind == "ThingGroup" and n.parent}
    seen = [name]
    while seen[-1] in parents and parents[seen[-1]] not in seen:
        seen.append(parents[seen[-1]])
    return seen[-1]


@rule(
    "DP027",
    "thing types and groups exist before a device registers",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.OBSERVED,
    source="https://github.com/yilmaznaslan/aws-iot-core-provisioning-devices-in-bulk/issues/3",
    hint="let the template depend on it, for example by DependsOn",
)
def neighbours_first(body: Body) -> Iterator[Problem]:
    """What is not defined next to the template is reported as information: a body alone can't show it."""
    defined = {(entry.kind, entry.name): entry for entry in body.context.neighbours}
    for kind, place in _named(body):
        entry = defined.get((kind, place.value))
        if entry and not entry.created_first:
            yield Problem(place.path, f"the template does not wait for {kind} {place.value!r}")
        elif not entry and not is_unresolved(place.value):
            yield Problem(
                place.path,
                f"{kind} {place.value!r} has to exist before a device registers",
                Severity.INFO,
                "make sure that it does: registration fails otherwise",
            )


def _named(body: Body) -> Iterator[tuple[str, Located]]:
    for kind, name in (
        ("ThingType", "ThingTypeName"),
        ("BillingGroup", "BillingGroup"),
        ("ThingGroup", "ThingGroups"),
    ):
        for value in body.properties(THING, name):
            for place in [value, *value.elements()]:
                if isinstance(place.value, str):
                    yield kind, place


def _attributes(payload: Located) -> list[tuple[str, Located]]:
    return [] if is_function(payload.value) else list(payload.items())


def _text(place: Located, what: str, limit: TextLimit) -> Iterator[Problem]:
    value = place.value
    if is_unresolved(value):
        return
    if isinstance(value, str):
        problem = limit.problem(value)
        if problem:
            yield Problem(place.path, f"{what} {problem}: {_shortened(value)}")
    elif is_function(value):
        yield from _fixed_parts(place, what, limit)
    else:
        yield Problem(place.path, f"{what} is {reprlib.repr(value)}, not a string")


def _fixed_parts(place: Located, what: str, limit: TextLimit) -> Iterator[Problem]:
    pieces = [piece for piece in literal_pieces(place.value) if not is_unresolved(piece)]
    # Any part may stand next to what a device supplies, so of its own it may be empty.
    part = TextLimit(limit.allowed, limit.longest, shortest=0)
    length = sum(map(len, pieces))
    if length > limit.longest:
        yield Problem(place.path, f"the fixed parts of {what} have {length} characters, {limit.longest} fit")
    for piece in pieces:
        problem = part.problem(piece[: limit.longest])
        if problem:
            yield Problem(place.path, f"a fixed part of {what} {problem}: {_shortened(piece)}")


def _shortened(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
