"""The parameters of a template, for one device."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..functions import CERTIFICATE_ID
from ..json_pointer import escaped
from ..limits import MAX_PARAMETER_NAME, MAX_PARAMETER_VALUE
from ..template_type import TemplateType
from .checks import wrong_kind
from .expressions import Values
from .outcome import Failure, FailureReason
from .problems import Problem

_SOME_CERTIFICATE_ID = "0" * 64


class CompiledParameters:
    """The parameters that a body declares, compiled."""

    def __init__(self, declared: Mapping[str, Mapping[str, Any]], template_type: TemplateType) -> None:
        self._declared = frozenset(declared)
        self._defaults = {name: each["Default"] for name, each in declared.items() if "Default" in each}
        without_default = [name for name in declared if name not in self._defaults]
        self._required = without_default if template_type is TemplateType.JITP else []
        self._has_certificate_id = template_type is not TemplateType.BULK

    def values(
        self, parameters: Mapping[str, str], overrides: Mapping[str, str | None] | None
    ) -> tuple[Values, list[Failure]]:
        """What references stand for, and what is wrong with what is supplied."""
        supplied = _overridden(parameters, overrides) if overrides else parameters
        values = {**self._defaults, **{name: supplied[name] for name in self._declared & supplied.keys()}}
        for name, value in (overrides or {}).items():
            if value is None:
                values.pop(name, None)
        if self._has_certificate_id:
            values[CERTIFICATE_ID] = parameters.get(CERTIFICATE_ID, _SOME_CERTIFICATE_ID)
        failures = [] if _are_small(supplied) else list(_parameter_failures(supplied))
        failures += [_without_value(name) for name in self._required if name not in values]
        return values, failures


def _overridden(parameters: Mapping[str, str], overrides: Mapping[str, str | None]) -> dict[str, str]:
    merged = {**parameters, **overrides}
    return {name: value for name, value in merged.items() if value is not None}


def _are_small(parameters: Mapping[str, Any]) -> bool:
    # All together within the limit of one: nearly always so, and quickly checked.
    try:
        return (
            len("".join(parameters)) <= MAX_PARAMETER_NAME
            and len("".join(parameters.values())) <= MAX_PARAMETER_VALUE
        )
    except TypeError:
        return False


def _parameter_failures(parameters: Mapping[Any, Any]) -> Iterator[Failure]:
    for name, value in parameters.items():
        problem = None
        if not isinstance(name, str) or not isinstance(value, str):
            problem = Problem.NO_TEXT_OF_DEVICE.format(kind=wrong_kind(value))
        elif len(name) > MAX_PARAMETER_NAME:
            problem = Problem.LONG_NAME_OF_DEVICE.format(limit=MAX_PARAMETER_NAME)
        elif len(value) > MAX_PARAMETER_VALUE:
            problem = Problem.LONG_VALUE_OF_DEVICE.format(limit=MAX_PARAMETER_VALUE)
        if problem:
            yield Failure(FailureReason.INVALID_PARAMETERS, "", problem, str(name))


def _without_value(name: str) -> Failure:
    path = f"/Parameters/{escaped(name)}"
    return Failure(FailureReason.INVALID_PARAMETERS, path, Problem.NOT_IN_SUBJECT.value)
