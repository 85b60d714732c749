"""Rules about the parameters of a template."""

from collections.abc import Iterator

from ...aws_iot.finding import Severity
from ...aws_iot.rules.registry import Evidence, Problem, rule
from ...aws_iot.unresolved import is_unresolved
from ..certificate_field import CertificateField
from .subject import CREATE, Template, references

_NAMES = tuple(str(field) for field in CertificateField)


@rule(
    "DP206",
    "an IoTDA template declares reserved parameters only, each of the type String",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint=f'give {{"type": "String"}} to each of {", ".join(_NAMES)} that is used, and to nothing else',
)
def reserved_parameters(template: Template) -> Iterator[Problem]:
    """The values come from the certificate's subject: nobody could supply another one."""
    for name, place in (template.body / "parameters").items():
        if is_unresolved(name) or is_unresolved(place.value):
            continue
        if name not in _NAMES:
            yield Problem(place.path, f"parameter {name!r} is not one that IoTDA supplies")
        if place.value != {"type": "String"} and not is_unresolved((place / "type").value):
            yield Problem(place.path, f"parameter {name!r} is declared as {place.value!r}")


@rule(
    "DP207",
    "every reference is to a declared parameter",
    subject=Template,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="declare it under parameters",
)
def declared_references(template: Template) -> Iterator[Problem]:
    """A template refers to what it declares."""
    declared = (template.body / "parameters").value
    if is_unresolved(declared):
        return
    names = {name for name, _ in (template.body / "parameters").items()}
    for place in references(template.body / "resources"):
        if place.value not in names and not is_unresolved(place.value):
            yield Problem(place.path, f"parameter {place.value!r} is not declared")


@rule(
    "DP208",
    "every declared parameter is used",
    subject=Template,
    severity=Severity.WARNING,
    evidence=Evidence.DOCUMENTED,
    source=CREATE,
    hint="remove it, or silence this rule if every certificate has to carry that field",
)
def used_parameters(template: Template) -> Iterator[Problem]:
    """Every certificate must carry every declared field, used or not."""
    if template.defect:
        return
    used = {place.value for place in references(template.body / "resources")}
    for name, place in (template.body / "parameters").items():
        if name in _NAMES and name not in used:
            message = f"{name!r} is not used, yet a device whose certificate lacks it can't register"
            yield Problem(place.path, message)
