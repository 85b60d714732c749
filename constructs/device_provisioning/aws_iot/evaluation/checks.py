"""Checks of values that are worked out: this is where templates break in the field."""

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any

from ..limits import MAX_POLICY_DOCUMENT, TextLimit
from ..unresolved import is_unresolved
from .expressions import Evaluator, Place, Values
from .outcome import Failure, FailureReason, RefusedError
from .problems import Problem

_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def attempt(evaluate: Evaluator, values: Values, failures: list[Failure]) -> Any:
    """A value, or ``None`` and one failure more."""
    try:
        return evaluate(values)
    except RefusedError as error:
        failures.append(error.failure)
        return None


def attempt_all(evaluators: Iterable[Evaluator], values: Values, failures: list[Failure]) -> list[Any]:
    """Several values, with ``None`` and one failure more for each that is refused.

    Nearly always none is, and then there is one ``try`` for all: see docs/decisions/speed-of-evaluation.md.
    """
    try:
        return [evaluate(values) for evaluate in evaluators]
    except RefusedError:
        return [attempt(evaluate, values, failures) for evaluate in evaluators]


def text(limit: TextLimit, place: Place) -> Callable[[Any], Any]:
    """A check for a text within a limit; what an engine knows later passes."""
    accepts = limit.accepts

    def check(value: Any) -> Any:
        if (isinstance(value, str) and accepts(value)) or is_unresolved(value):
            return value
        if not isinstance(value, str):
            raise _no_text(value, place)
        raise place.refused(FailureReason.PROVISIONING_FAILED, str(limit.problem(value)), value)

    return check


def texts(limit: TextLimit, place: Place) -> Callable[[Any], Any]:
    """A check for a list of strings within a limit; what stands twice in it counts once."""
    check_item = text(limit, place)

    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise place.invalid(Problem.NO_LIST.format(kind=wrong_kind(value)), value)
        return list(dict.fromkeys(map(check_item, value)))

    return check


def any_text(place: Place) -> Callable[[Any], Any]:
    """A check for a text that is not empty."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise _no_text(value, place)
        if not value:
            raise place.refused(FailureReason.PROVISIONING_FAILED, Problem.EMPTY, value)
        return value

    return check


def one_of(allowed: Collection[str], place: Place) -> Callable[[Any], Any]:
    """A check for one of some words in any case, as AWS's own examples write them."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise _no_text(value, place)
        if value.upper() not in allowed:
            problem = Problem.WRONG_WORD.format(words=", ".join(sorted(allowed)))
            raise place.refused(FailureReason.INVALID_TEMPLATE, problem, value)
        return value.upper()

    return check


def scalar(place: Place) -> Callable[[Any], Any]:
    """A check for anything but an object or a list."""

    def check(value: Any) -> Any:
        if isinstance(value, dict | list):
            raise place.invalid(Problem.NO_SCALAR.format(kind=wrong_kind(value)), value)
        return value

    return check


def policy_document(place: Place) -> Callable[[Any], Any]:
    """A check for a policy document, as an object or as its JSON text."""

    def check(value: Any) -> Any:
        if is_unresolved(value):
            return value
        document = _parsed(value) if isinstance(value, str) else value
        if not isinstance(document, dict):
            raise place.invalid(Problem.NO_DOCUMENT, value)
        written = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), default=str)
        if len("".join(written.split())) > MAX_POLICY_DOCUMENT:
            problem = Problem.LONG_DOCUMENT.format(limit=MAX_POLICY_DOCUMENT)
            raise place.refused(FailureReason.PROVISIONING_FAILED, problem)
        return document

    return check


def wrong_kind(value: Any) -> str:
    """What a value is that should be something else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "is a number"
    return f"is {_KINDS.get(type(value), type(value).__name__)}"


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _no_text(value: Any, place: Place) -> RefusedError:
    return place.invalid(Problem.NO_TEXT.format(kind=wrong_kind(value)), value)
