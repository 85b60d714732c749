"""Rules about parameters."""

from collections.abc import Iterator, Mapping

from ..finding import Severity
from ..fix import Fix, Insertion, Replacement
from ..functions import CERTIFICATE_ID
from ..template_type import TemplateType
from ..unresolved import is_unresolved
from .body import Body, Located, functions, references
from .fixes import as_text
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
_STRING = '{"Type": "String"}'
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
                    f"{name!r} is referenced but not declared",
                    Severity.WARNING if lenient else None,
                    _advice(body, name),
                    fix=_declaration(body) if name == CERTIFICATE_ID else None,
                )


def _declaration(body: Body) -> Fix | None:
    """The declaration of what AWS IoT itself supplies."""
    if body.template_type is TemplateType.BULK:
        return None
    parameter = body.section("Parameters") / CERTIFICATE_ID
    return Fix((Insertion(parameter.path, _STRING),))


def _advice(body: Body, name: str) -> str | None:
    if name.startswith("iot:"):
        return f"write ${{!{name}}}: Fn::Sub would replace the policy variable"
    if isinstance(body.context.given_body, Mapping):
        return (
            "write the body as text, whose functions are AWS IoT's; Fn::Sub around the text fills in names of"
            " the stack, written ${Name}, and leaves ${!Name} alone"
        )
    if name.startswith("AWS::") and name not in RESERVED:
        return "write the value itself: templates have no pseudo-parameters such as AWS::Region"
    return None


@rule(
    "DP055",
    "only a JITP body asks for the subject of a certificate",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}jit-provisioning.html",
    hint="set TemplateType to JITP (--type jitp for a body that stands alone), or let devices supply a"
    " parameter of another name",
)
def subject_for_jitp(body: Body) -> Iterator[Problem]:
    """Nobody supplies it to a fleet template, whose registrations then fail."""
    if body.template_type is not TemplateType.FLEET_PROVISIONING:
        return
    for name, parameter in body.section("Parameters").items():
        if name in RESERVED and name != CERTIFICATE_ID and (parameter / "Default").value is None:
            message = f"{name} has no value in a fleet template, which this is without TemplateType JITP"
            yield Problem(parameter.path, message)


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
                kind.path,
                f"the type of parameter {name!r} is {kind.value!r}, and only 'String' exists",
                fix=_typed(parameter),
            )
        if not isinstance(default.value, str | None) and not is_unresolved(default.value):
            yield Problem(
                default.path,
                f"the default of parameter {name!r} is {default.value!r}, not a string",
                Severity.WARNING,
                fix=as_text(default),
            )


def _typed(parameter: Located) -> Fix | None:
    if not isinstance(parameter.value, Mapping):
        return None
    path, is_given = (parameter / "Type").path, "Type" in parameter.value
    return Fix((Replacement(path, '"String"') if is_given else Insertion(path, '"String"'),))


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
                    parameter.path, f"parameter {name!r} is not one that just-in-time provisioning supplies"
                )


@rule(
    "DP008",
    "a JITP body declares no subject field that certificates may lack",
    subject=Body,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=f"{GUIDE}jit-provisioning.html",
    hint="remove it, give it a Default, or silence this rule if every certificate of the CA has that field",
)
def subject_fields(body: Body) -> Iterator[Problem]:
    """The common name is taken for granted; a default counts where a certificate lacks the field."""
    if body.template_type is TemplateType.JITP:
        for name, parameter in body.section("Parameters").items():
            has_default = (parameter / "Default").value is not None
            if name in RESERVED and name not in (_COMMON_NAME, CERTIFICATE_ID) and not has_default:
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
