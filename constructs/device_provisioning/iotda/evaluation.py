"""What IoTDA would register for a device, worked out without it."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from ..aws_iot.finding import Severity
from ..aws_iot.json_pointer import escaped
from ..aws_iot.limits import TextLimit
from ..aws_iot.unresolved import unresolved_paths
from . import limits
from .certificate_field import CertificateField
from .rules import Context, check
from .rules.subject import Template, is_reference

_DEVICE = "/resources/device"


Subject = Mapping[str, Any] | Mapping[CertificateField, Any]
"""The values of a certificate's subject, by reserved parameter."""


class FailureReason(StrEnum):
    """Why a device can't register, in this library's words: how IoTDA says so is not documented."""

    MISSING_FIELD = "MissingField"
    INVALID_VALUE = "InvalidValue"


class Problem(StrEnum):
    """What is wrong with a value that breaks no limit."""

    NO_TEXT = "is not a string"
    NO_FIELD = "the certificate's subject has no such field"


class Failure(NamedTuple):
    """One reason why a device can't register.

    Args:
        reason: The kind of failure.
        path: Where in the template body, as a JSON pointer (RFC 6901).
        problem: What is wrong, the same words for every device that it happens to.
        given: The value at fault, when there is one.
    """

    reason: FailureReason
    path: str
    problem: str
    given: Any = None

    @property
    def document(self) -> dict[str, Any]:
        """The failure as JSON."""
        document = {"reason": self.reason, "path": self.path, "problem": self.problem}
        return document if self.given is None else {**document, "given": self.given}

    def __str__(self) -> str:
        return f"{self.path} {self.problem}" + ("" if self.given is None else f": {self.given!r}")


class Result(StrEnum):
    """Whether a device can register."""

    REGISTERED = "registered"
    FAILED = "failed"


class Evaluation(NamedTuple):
    """What becomes of one device.

    Args:
        device: What IoTDA would register, in the words of the API; ``None`` if the device can't register.
        failures: Why it can't: all reasons, not the first.
    """

    device: Mapping[str, Any] | None
    failures: Sequence[Failure] = ()

    @property
    def result(self) -> Result:
        """Whether the device can register."""
        return Result.FAILED if self.failures else Result.REGISTERED

    @property
    def document(self) -> dict[str, Any]:
        """The evaluation as JSON."""
        if self.failures:
            return {"result": self.result, "failures": [failure.document for failure in self.failures]}
        return {"result": self.result, **(self.device or {})}


class CheckedTemplate:
    """A template without errors, ready to be evaluated for as many devices as there are.

    Args:
        template: The template body, or the body of the create request.

    Raises:
        ValueError: With every error that the rules find in the template, or if it holds values that only an
            engine knows.
    """

    def __init__(self, template: Mapping[str, Any]) -> None:
        _require_usable(template)
        body = Template(dict(template), Context()).body.value
        self._parameters = tuple(body.get("parameters", {}))
        self._device = body["resources"]["device"]
        self._policy_ids = body["resources"].get("policy", {}).get("policy_ids", [])

    def evaluate(self, subject: Subject) -> Evaluation:
        """What IoTDA would register for one device: see ``evaluate``."""
        given = {str(name): value for name, value in subject.items()}
        failures = list(_unusable_fields(self._parameters, given))
        known = {name: value for name, value in given.items() if isinstance(value, str) and value}
        device = _resolved(self._device, known)
        failures += _invalid(device)
        if failures:
            return Evaluation(None, tuple(failures))
        identifier = device.get("device_id") or f"{device['product_id']}_{device['node_id']}"
        return Evaluation({**device, "device_id": identifier, "policy_ids": self._policy_ids})


def evaluate(template: Mapping[str, Any], subject: Subject) -> Evaluation:
    """Work out what IoTDA would register for a device with a certificate.

    Limits of the values are those of Create a Device; how IoTDA answers a value that breaks one when a device
    connects is not documented.

    Args:
        template: The template body, or the body of the create request.
        subject: The values of the certificate's subject, by reserved parameter.

    Raises:
        ValueError: With every error that the rules find in the template, or if it holds values that only an
            engine knows.

    Example:
        >>> body = {
        ...     "parameters": {"iotda::certificate::common_name": {"type": "String"}},
        ...     "resources": {
        ...         "device": {"node_id": {"ref": "iotda::certificate::common_name"}, "product_id": "p1"}
        ...     },
        ... }
        >>> evaluate(body, {"iotda::certificate::common_name": "pump-7"}).device["device_id"]
        'p1_pump-7'
    """
    return CheckedTemplate(template).evaluate(subject)


def _require_usable(template: Mapping[str, Any]) -> None:
    findings = check(template, context=Context(has_device_ca=True))
    errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
    errors += [f"{path}: the value is known only on deployment" for path in unresolved_paths(template)]
    if errors:
        raise ValueError("\n".join(errors))


def _unusable_fields(names: Sequence[str], subject: Mapping[str, Any]) -> Iterator[Failure]:
    for name in names:
        value, path = subject.get(name), f"/parameters/{escaped(name)}"
        if not (value is None or isinstance(value, str)):
            yield Failure(FailureReason.INVALID_VALUE, path, Problem.NO_TEXT.value, value)
        elif not value:
            yield Failure(FailureReason.MISSING_FIELD, path, Problem.NO_FIELD.value)


def _resolved(value: Any, subject: Mapping[str, str]) -> Any:
    """A value with every reference replaced; by nothing where the subject lacks the field."""
    if is_reference(value):
        return subject.get(value["ref"])
    if isinstance(value, Mapping):
        return {name: _resolved(inner, subject) for name, inner in value.items()}
    return [_resolved(inner, subject) for inner in value] if isinstance(value, list) else value


def _invalid(device: Mapping[str, Any]) -> Iterator[Failure]:
    fields = [
        ("device_name", limits.DEVICE_NAME),
        ("device_id", limits.DEVICE_ID),
        ("node_id", limits.NODE_ID),
        ("product_id", limits.PRODUCT_ID),
    ]
    values = [(f"{_DEVICE}/{name}", device.get(name), limit) for name, limit in fields]
    for index, tag in enumerate(device.get("tags", [])):
        place = f"{_DEVICE}/tags/{index}"
        values += [
            (f"{place}/tag_key", tag["tag_key"], limits.TAG_KEY),
            (f"{place}/tag_value", tag["tag_value"], limits.TAG_VALUE),
        ]
    for path, value, limit in values:
        problem = _problem(value, limit) if value is not None else None
        if problem:
            yield Failure(FailureReason.INVALID_VALUE, path, problem, value)


def _problem(value: str, limit: TextLimit) -> str | None:
    chinese_allowed = limit in (limits.DEVICE_NAME, limits.TAG_KEY, limits.TAG_VALUE)
    return limits.problem_of(value, limit) if chinese_allowed else limit.problem(value)
