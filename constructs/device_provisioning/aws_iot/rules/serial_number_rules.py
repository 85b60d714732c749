"""Rules about what the hook's pattern of serial numbers lets through, and what becomes of it."""

import reprlib
from collections.abc import Iterator, Mapping
from string import ascii_letters, digits, punctuation
from typing import Any

from ..finding import Severity
from ..limits import ATTRIBUTE_VALUE, THING_GROUP_NAME, THING_NAME, TextLimit
from ..pattern_language import PatternLanguage
from ..unresolved import is_unresolved
from .body import THING, Body, Located, is_function, literal_pieces, variables
from .registry import API, Evidence, Problem, rule

_VISIBLE = frozenset(ascii_letters + digits + punctuation)


@rule(
    "DP049",
    "what the hook lets through as a serial number can be in the names that are made of it",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=f"{API}API_CreateThing.html",
    hint="set serial_number_pattern of the hook to what AWS IoT takes there, or use another value there",
)
def serial_numbers(body: Body) -> Iterator[Problem]:
    """A warning if that is so for some serial numbers only. Known of the hook of this library."""
    hook = body.context.hook
    if not hook or hook.serial_number_pattern is None or is_unresolved(hook.serial_number_pattern):
        return
    language = PatternLanguage(hook.serial_number_pattern)
    for place, what, limit in _places(body):
        if _is_made_of(place.value, hook.serial_number_parameter):
            yield from _problems(place, what, limit, language)


def _places(body: Body) -> Iterator[tuple[Located, str, TextLimit]]:
    for place in body.properties(THING, "ThingName"):
        yield place, "ThingName", THING_NAME
    for groups in body.properties(THING, "ThingGroups"):
        for place in groups.elements():
            yield place, "a thing group", THING_GROUP_NAME
    for payload in body.properties(THING, "AttributePayload"):
        for name, place in () if is_function(payload.value) else payload.items():
            yield place, f"attribute {name!r}", ATTRIBUTE_VALUE


def _is_made_of(value: Any, parameter: Any) -> bool:
    """Whether a text has the whole value of a parameter in it."""
    match value:
        case {"Ref": name} if len(value) == 1:
            return bool(name == parameter)
        case {"Fn::Join": [_, list() as parts]} if len(value) == 1:
            return any(_is_made_of(part, parameter) for part in parts)
        case {"Fn::Sub": str() as text} if len(value) == 1:
            return parameter in variables(text)
        case _:
            return False


def _problems(place: Located, what: str, limit: TextLimit, language: PatternLanguage) -> Iterator[Problem]:
    allowed = frozenset(filter(limit.accepts, _VISIBLE))
    fixed = sum(map(len, literal_pieces(place.value))) if isinstance(place.value, Mapping) else 0
    if not language.may_stay_within(allowed):
        yield Problem(
            place.path,
            f"every serial number that the hook lets through has characters other than"
            f" {limit.allowed}, which {what} does not take",
        )
    elif fixed + language.shortest > limit.longest:
        yield Problem(
            place.path,
            f"{what} has at most {limit.longest} characters: {fixed} that are fixed, and at least"
            f" {language.shortest} of every serial number that the hook lets through",
        )
    elif example := language.example_with(_VISIBLE - allowed):
        yield Problem(
            place.path,
            f"the hook lets the serial number {reprlib.repr(example)} through, and {what} takes"
            f" {limit.allowed} only",
            Severity.WARNING,
        )
