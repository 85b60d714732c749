"""Rules about sections and resources: what has to be there, and in which form."""

from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..unresolved import is_unresolved
from .body import CERTIFICATE, POLICY, SECTIONS, THING, Body, Located
from .registry import GUIDE, Evidence, Problem, rule

_SECTION = f"{GUIDE}provision-template.html"
PROPERTIES = {
    THING: (
        "ThingName",
        "AttributePayload",
        "ThingTypeName",
        "ThingGroups",
        "BillingGroup",
        "PackageVersions",
    ),
    CERTIFICATE: (
        "CertificateId",
        "CertificateSigningRequest",
        "CertificatePem",
        "CACertificatePem",
        "Status",
        "ThingPrincipalType",
    ),
    POLICY: ("PolicyName", "PolicyDocument"),
}
_RESOURCE = ("Type", "Properties", "OverrideSettings")


@rule(
    "DP101",
    "a body consists of the documented sections, each an object",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint=f"use {', '.join(SECTIONS)}, each an object; Mappings has two levels of keys",
)
def sections(body: Body) -> Iterator[Problem]:
    """Another section is a warning: what AWS IoT does with it is not documented."""
    if body.defect:
        return
    unknown = [(name, place) for name, place in body.root.items() if name not in SECTIONS]
    for name, place in unknown:
        message = f"{name!r} is not a section of a body (what AWS IoT does with it is not documented)"
        yield Problem(place.path, message, Severity.WARNING)
    for name in SECTIONS:
        if name in body.document and not _is_object(body.section(name)):
            yield Problem(body.section(name).path, f"{name} is not an object")
    if "Resources" not in body.document:
        yield Problem(body.root.path, "there is no section Resources")
    for name, table in body.section("Mappings").items():
        rows = [table, *table.inner()]
        if not all(_is_object(row) for row in rows):
            yield Problem(table.path, f"mapping {name!r} does not have two levels of keys")


@rule(
    "DP102",
    "the resources are one thing at most, exactly one certificate, and policies",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint=f"give every resource one of the types {THING}, {CERTIFICATE}, {POLICY} and an object of Properties",
)
def resources(body: Body) -> Iterator[Problem]:
    """A body without a thing registers a certificate alone."""
    place = body.section("Resources")
    for name, entry in place.items():
        kind, properties = entry / "Type", entry / "Properties"
        if not _is_object(entry):
            yield Problem(entry.path, f"resource {name!r} is not an object")
        elif kind.value not in list(PROPERTIES) and not is_unresolved(kind.value):
            yield Problem(kind.path, f"the type of resource {name!r} is {kind.value!r}")
        elif not _is_object(properties):
            yield Problem(properties.path, f"Properties of resource {name!r} is not an object")
    things, certificates = body.resources(THING), body.resources(CERTIFICATE)
    if len(things) > 1:
        yield Problem(place.path, f"there are {len(things)} things, and a body describes one")
    if len(certificates) != 1 and _is_object(place) and not body.defect:
        yield Problem(place.path, f"there are {len(certificates)} certificates, and a body describes one")


@rule(
    "DP059",
    "a body describes a thing",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint=f"add a resource of type {THING}, or silence this rule if a certificate alone is meant",
)
def has_thing(body: Body) -> Iterator[Problem]:
    """It is legal: the answer to the device then names no thing."""
    place = body.section("Resources")
    if body.resources(CERTIFICATE) and not body.resources(THING):
        yield Problem(place.path, "there is no thing, so a device gets a certificate without a thing name")


@rule(
    "DP103",
    "a thing has a name",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint="give ThingName",
)
def thing_name(body: Body) -> Iterator[Problem]:
    """It is the one property that a thing needs."""
    for resource in body.resources(THING):
        if (resource / "Properties" / "ThingName").value is None:
            yield Problem((resource / "Properties").path, "the thing has no ThingName")


@rule(
    "DP104",
    "resources have the documented properties",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint="remove it, or correct its spelling (what AWS IoT does with it is not documented)",
)
def known_properties(body: Body) -> Iterator[Problem]:
    """What AWS IoT does with any other is not documented."""
    for resource_type, known in PROPERTIES.items():
        for resource in body.resources(resource_type):
            for entries, names in ((resource, _RESOURCE), (resource / "Properties", known)):
                for name, place in entries.items():
                    if name not in names and not is_unresolved(name):
                        yield Problem(place.path, f"{resource_type} has no documented {name!r}")


def _is_object(place: Located) -> bool:
    return isinstance(place.value, Mapping) or is_unresolved(place.value)
