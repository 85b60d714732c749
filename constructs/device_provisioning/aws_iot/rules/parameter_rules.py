"""Rules about parameters."""

from collections.abc import Iterator

from ..finding import Severity
from ..functions import CERTIFICATE_ID
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import Body, functions, references
from .registry import GUIDE, Evidence, Problem, rule

RESERVED = tuple(
    f"AWS::IoT::Certificate::{name}"
    for name in (
        "Country",
        "Organization",
        "OrganizationalUnit",
        "DistinguishedNameQualifier",
        "StateName",
        "CommonName",
        "SerialNumber",
        "Id",
    )
)
_COMMON_NAME = "AWS::IoT::Certificate::CommonName"


@rule(
    "DP005",
    "every reference names a declared parameter",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.OBSERVED,
    source="https://security.stackexchange.com/questions/272476",
    hint='declare it under Parameters as {"Type": "String"}',
)
def declared(body: Body) -> Iterator[Problem]:
    """Undeclared ``AWS::IoT::Certificate::Id`` is a warning for fleets: AWS's own examples leave it out."""
    names = {name for name, _ in body.section("Parameters").items()}
    for section in ("Resources", "DeviceConfiguration"):
        for path, name in references(body.section(section)):
            if name not in names and not is_unresolved(name):
                lenient = name == CERTIFICATE_ID and body.template_type is TemplateType.FLEET_PROVISIONING
                yield Problem(
                    path,
                    f"{name!r} is referred to and not declared",
                    Severity.WARNING if lenient else None,
                    _PSEUDO if name.startswith("AWS::") and name not in RESERVED else None,
                )


_PSEUDO = "write the value itself: templates have no pseudo-parameters such as AWS::Region"


@rule(
    "DP006",
    "the type of a parameter is String",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{GUIDE}provision-template.html",
    hint='declare it as {"Type": "String"}, with a Default in text if it has one',
)
def parameter_type(body: Body) -> Iterator[Problem]:
    """``String`` is the only type in the guide."""
    for name, parameter in body.section("Parameters").items():
        kind, default = parameter / "Type", parameter / "Default"
        if kind.value != "String" and not (is_unresolved(kind.value) or is_unresolved(parameter.value)):
            yield Problem(
                kind.path, f"the type of parameter {name!r} is {kind.value!r}, and only 'String' exists"
            )
        if not isinstance(default.value, str | None) and not is_unresolved(default.value):
            yield Problem(
                default.path,
                f"the default of parameter {name!r} is {default.value!r}, no text",
                Severity.WARNING,
            )


@rule(
    "DP007",
    "a JITP body has only the eight reserved parameters",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}jit-provisioning.html",
    hint=f"use {', '.join(RESERVED)}",
)
def reserved_parameters(body: Body) -> Iterator[Problem]:
    """Nobody could supply another one: the values come from the certificate's subject."""
    if body.template_type is TemplateType.JITP:
        for name, parameter in body.section("Parameters").items():
            if name not in RESERVED and not is_unresolved(name):
                yield Problem(
                    parameter.path, f"parameter {name!r} is none that just-in-time provisioning supplies"
                )


@rule(
    "DP008",
    "a JITP body declares no subject field that certificates may lack",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}jit-provisioning.html",
    hint="remove it, or silence this rule if every certificate of the CA has that field",
)
def subject_fields(body: Body) -> Iterator[Problem]:
    """The common name is taken for granted."""
    if body.template_type is TemplateType.JITP:
        for name, parameter in body.section("Parameters").items():
            if name in RESERVED and name not in (_COMMON_NAME, CERTIFICATE_ID):
                field = name.rpartition(":")[2]
                yield Problem(
                    parameter.path,
                    f"devices whose certificate has no {field} in its subject can't be provisioned",
                )


@rule(
    "DP009",
    "JITP and bulk bodies have no mappings, no device configuration and no function but Ref",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{GUIDE}provision-template.html",
    hint="use Ref, and plain values otherwise",
)
def plain_body(body: Body) -> Iterator[Problem]:
    """The guide announces them for fleet templates; what AWS IoT does with them elsewhere it does not say."""
    if body.template_type is TemplateType.FLEET_PROVISIONING:
        return
    for name in ("Mappings", "DeviceConfiguration"):
        if isinstance(body.document, dict) and name in body.document:
            yield Problem(body.section(name).path, _only_fleet(name, body.template_type))
    for function, argument in functions(body.section("Resources")):
        if function != "Ref":
            yield Problem(argument.path, _only_fleet(function, body.template_type))


def _only_fleet(name: str, template_type: TemplateType) -> str:
    return (
        f"{name} in a {template_type} body: the guide shows it for fleet templates (elsewhere not documented)"
    )
