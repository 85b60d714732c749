"""The certificate of a template, for one device."""

from collections.abc import Mapping
from typing import Any

from .. import limits
from ..functions import CERTIFICATE_ID, ref
from ..template_type import TemplateType
from .checks import any_text, attempt_all, one_of, text
from .expressions import Evaluator, Place, Values, checked, compile_value, constant, refusing
from .outcome import Failure
from .problems import Problem

_STATUSES = ("ACTIVE", "INACTIVE")
_PRINCIPAL_TYPES = ("EXCLUSIVE_THING", "NON_EXCLUSIVE_THING")
_WAYS = ("CertificateId", "CertificateSigningRequest", "CertificatePem")


class CompiledCertificate:
    """A certificate resource, compiled.

    Its override settings matter only where the certificate can have been in use before: in a bulk
    registration by ``CertificateId``.
    """

    def __init__(
        self,
        properties: Mapping[str, Any],
        settings: Mapping[str, Any],
        place: Place,
        template_type: TemplateType,
    ) -> None:
        inner = place.at("Properties")
        self._keeps_status = (
            template_type is TemplateType.BULK
            and "CertificateId" in properties
            and settings.get("Status") == "DO_NOTHING"
        )
        self._evaluators = [
            _word(properties.get("Status", "ACTIVE"), _STATUSES, inner.at("Status")),
            _way(properties, inner, template_type),
            *(_other(name, value, inner.at(name)) for name, value in properties.items() if name != "Status"),
        ]

    def evaluate(self, values: Values, failures: list[Failure]) -> str | None:
        """The certificate's status after the registration; ``None`` if it stays what it was."""
        status, *_ = attempt_all(self._evaluators, values, failures)
        return None if self._keeps_status else status


def _way(properties: Mapping[str, Any], place: Place, template_type: TemplateType) -> Evaluator:
    given = [name for name in _WAYS if name in properties]
    if len(given) != 1:
        problem = Problem.WAYS_OF_CERTIFICATE.format(number=len(given), ways=", ".join(_WAYS))
        return refusing(place.invalid(problem, given or None)).evaluate
    if template_type is TemplateType.BULK or properties.get("CertificateId") == ref(CERTIFICATE_ID):
        return constant(None).evaluate
    problem = Problem.OTHER_CERTIFICATE.format(reference=f'{{"Ref": "{CERTIFICATE_ID}"}}')
    return refusing(place.at("CertificateId").invalid(problem, properties[given[0]])).evaluate


def _other(name: str, value: Any, place: Place) -> Evaluator:
    if name == "ThingPrincipalType":
        return _word(value, _PRINCIPAL_TYPES, place)
    if name == "CertificateId":
        return checked(value, place, text(limits.CERTIFICATE_ID, place))
    if name in _WAYS or name == "CACertificatePem":
        return checked(value, place, any_text(place))
    return compile_value(value, place).evaluate


def _word(value: Any, words: tuple[str, ...], place: Place) -> Evaluator:
    return checked(value, place, one_of(words, place))
