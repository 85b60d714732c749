"""Rules about the certificate."""

import json
from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..fix import Fix, Insertion, Replacement
from ..functions import CERTIFICATE_ID
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import CERTIFICATE, Body, Located, is_function
from .registry import GUIDE, Evidence, Problem, rule

METHODS = ("CertificateId", "CertificateSigningRequest", "CertificatePem")
PRINCIPAL_TYPES = ("EXCLUSIVE_THING", "NON_EXCLUSIVE_THING")
_SECTION = f"{GUIDE}provision-template.html"


@rule(
    "DP011",
    "the certificate is given in exactly one way, for fleet and JITP by CertificateId",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint=f'give CertificateId as {{"Ref": "{CERTIFICATE_ID}"}}; only bulk bodies may give'
    " CertificateSigningRequest or CertificatePem in its place",
)
def certificate_method(body: Body) -> Iterator[Problem]:
    """A CA certificate goes with a PEM only."""
    for resource in body.resources(CERTIFICATE):
        properties = resource / "Properties"
        given = [name for name in METHODS if (properties / name).value is not None]
        if len(given) != 1:
            yield Problem(properties.path, f"the certificate is given by {' and '.join(given) or 'nothing'}")
        elif given != ["CertificateId"] and body.template_type is not TemplateType.BULK:
            yield Problem((properties / given[0]).path, f"{given[0]} in a {body.template_type} body")
        if (properties / "CACertificatePem").value is not None and "CertificatePem" not in given:
            yield Problem((properties / "CACertificatePem").path, "CACertificatePem without CertificatePem")


@rule(
    "DP012",
    f"the CertificateId of fleet and JITP bodies refers to {CERTIFICATE_ID}",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint=f'give {{"Ref": "{CERTIFICATE_ID}"}}',
)
def certificate_reference(body: Body) -> Iterator[Problem]:
    """Every device has its own certificate, which no other value could name."""
    if body.template_type is not TemplateType.BULK:
        for place in body.properties(CERTIFICATE, "CertificateId"):
            if place.value != {"Ref": CERTIFICATE_ID} and not is_unresolved(place.value):
                fix = Fix((Replacement(place.path, json.dumps({"Ref": CERTIFICATE_ID})),), is_safe=False)
                yield Problem(place.path, f"CertificateId is {place.value!r}", fix=fix)


@rule(
    "DP029",
    "Status and ThingPrincipalType are what the guide lists",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint=f"Status is ACTIVE or INACTIVE, ThingPrincipalType {' or '.join(PRINCIPAL_TYPES)}",
)
def certificate_values(body: Body) -> Iterator[Problem]:
    """The guide's own examples write ``Active``, so the case of a status does not matter."""
    for resource in body.resources(CERTIFICATE):
        status, principal = resource / "Properties" / "Status", resource / "Properties" / "ThingPrincipalType"
        if _is_wrong(status, str(status.value).upper(), ("ACTIVE", "INACTIVE")):
            yield Problem(status.path, f"Status is {status.value!r}")
        if _is_wrong(principal, principal.value, PRINCIPAL_TYPES):
            yield Problem(principal.path, f"ThingPrincipalType is {principal.value!r}")


def _is_wrong(place: Located, value: object, allowed: tuple[str, ...]) -> bool:
    unknown = place.value is None or is_unresolved(place.value) or is_function(place.value)
    return not unknown and value not in allowed


@rule(
    "DP106",
    "the certificate's Status is given as text",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.INFERRED,
    source=_SECTION,
    hint="say ACTIVE or INACTIVE",
)
def status_given(body: Body) -> Iterator[Problem]:
    """The guide calls it optional; MiniStack, whose answers copy those of AWS IoT, demands it, as text."""
    if body.template_type is TemplateType.BULK:
        return
    for resource in body.resources(CERTIFICATE):
        status = resource / "Properties" / "Status"
        if status.value is None or is_function(status.value):
            how = "left out" if status.value is None else "a function"
            yield Problem(
                status.path,
                f"Status is {how}: an emulator that copies AWS IoT's answers refuses that (not documented)",
                fix=_activated(resource),
            )


def _activated(resource: Located) -> Fix | None:
    """``ACTIVE`` where nothing is said."""
    properties = resource / "Properties"
    if not isinstance(properties.value, Mapping) or "Status" in properties.value:
        return None
    return Fix((Insertion((properties / "Status").path, '"ACTIVE"'),), is_safe=False)
