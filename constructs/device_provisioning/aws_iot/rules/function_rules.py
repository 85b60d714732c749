"""Rules about mappings, the device configuration and intrinsic functions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Severity
from ..unresolved import is_unresolved
from .body import FUNCTIONS, Body, Located, functions, is_function
from .fixes import as_text
from .registry import GUIDE, Evidence, Problem, rule

_FUNCTIONS_PAGE = f"{GUIDE}intrinsic-functions.html"
_SECTION = f"{GUIDE}provision-template.html"
_INDEX = re.compile(r"\d{1,9}")


@rule(
    "DP020",
    "the device configuration is flat",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_SECTION,
    hint="give every entry a string or a function",
)
def flat_configuration(body: Body) -> Iterator[Problem]:
    """A number or a boolean is a warning: the guide shows text only."""
    for name, place in body.section("DeviceConfiguration").items():
        if is_function(place.value) or is_unresolved(place.value) or isinstance(place.value, str):
            continue
        nested = isinstance(place.value, Mapping | list | tuple)
        kind = "nested, which is not supported" if nested else "not a string (not documented)"
        severity = None if nested else Severity.WARNING
        message = f"{name!r} of the device configuration is {kind}"
        # A device may read a number today.
        yield Problem(place.path, message, severity, fix=as_text(place, is_safe=False))


@rule(
    "DP021",
    "mappings hold plain values",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_FUNCTIONS_PAGE,
    hint="write the values themselves",
)
def plain_mappings(body: Body) -> Iterator[Problem]:
    """Parameters and functions are not allowed in them."""
    for function, argument in functions(body.section("Mappings")):
        yield Problem(argument.path, f"{function} in Mappings")


@rule(
    "DP022",
    "Fn::FindInMap finds, Fn::Select stays in its list, Fn::Split is inside Fn::Select",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.DOCUMENTED,
    source=_FUNCTIONS_PAGE,
    hint="a device's registration ends where a function fails: use keys that are in Mappings, an index below"
    " the length of the list, and Fn::Split as the list of Fn::Select",
)
def functions_succeed(body: Body) -> Iterator[Problem]:
    """Only what is fixed in the body can be checked; the rest depends on the device."""
    for section in ("Resources", "DeviceConfiguration"):
        place = body.section(section)
        under_select = {f"{a.path}/1/Fn::Split" for name, a in functions(place) if name == "Fn::Select"}
        for name, argument in functions(place):
            if name == "Fn::FindInMap":
                yield from _missing_key(body, argument)
            elif name == "Fn::Select":
                yield from _outside(argument)
            elif name == "Fn::Split" and argument.path not in under_select:
                yield Problem(argument.path, "Fn::Split outside Fn::Select")


def _missing_key(body: Body, argument: Located) -> Iterator[Problem]:
    tables: list[Any] = [body.section("Mappings").value]
    for key in argument.elements():
        if not isinstance(key.value, str) or is_unresolved(key.value):
            tables = [row for table in tables if isinstance(table, Mapping) for row in table.values()]
            continue
        tables = [table[key.value] for table in tables if isinstance(table, Mapping) and key.value in table]
        if not tables:
            yield Problem(key.path, f"{key.value!r} is not in Mappings")
            return


def _outside(argument: Located) -> Iterator[Problem]:
    index, values = (argument / 0).value, _fixed_list((argument / 1).value)
    is_number = isinstance(index, int) or (isinstance(index, str) and _INDEX.fullmatch(index))
    if is_function(index) or is_unresolved(index):
        return
    if not is_number or isinstance(index, bool):
        yield Problem(
            f"{argument.path}/0", f"Fn::Select has the index {index!r}, which is not a whole number"
        )
    elif values is not None and not 0 <= int(index) < len(values):
        yield Problem(f"{argument.path}/0", f"the index {index} is outside the list, which has {len(values)}")


def _fixed_list(value: Any) -> list[Any] | None:
    match value:
        case list():
            return value
        case {"Fn::Split": [str() as delimiter, str() as text]} if delimiter and not is_unresolved(text):
            return list(text.split(delimiter))
        case _:
            return None


@rule(
    "DP105",
    "functions are those of the guide, with the arguments that they take",
    subject=Body,
    severity=Severity.ERROR,
    evidence=Evidence.INFERRED,
    source=_FUNCTIONS_PAGE,
    hint=f"use {', '.join(FUNCTIONS)} as the guide shows them",
)
def function_form(body: Body) -> Iterator[Problem]:
    """The list form of ``Fn::Sub`` is accepted, although the guide does not show it."""
    for section in ("Resources", "DeviceConfiguration"):
        for place in _objects(body.section(section)):
            names = [key for key in place.value if str(key) == "Ref" or str(key).startswith("Fn::")]
            if names and len(place.value) > 1:
                yield Problem(place.path, f"{names[0]} stands next to other keys")
            elif names and not _takes(names[0], place.value[names[0]]):
                yield Problem(f"{place.path}/{names[0]}", _wrong(names[0]))


def _wrong(name: str) -> str:
    return (
        f"{name} has arguments that it does not take" if name in FUNCTIONS else f"there is no function {name}"
    )


def _objects(place: Located) -> Iterator[Located]:
    if isinstance(place.value, Mapping):
        yield place
    for inner in place.inner():
        yield from _objects(inner)


def _takes(name: str, argument: Any) -> bool:
    if is_unresolved(argument) or (isinstance(argument, list | tuple) and any(map(is_unresolved, argument))):
        return name in FUNCTIONS
    match name, argument:
        case (("Ref" | "Fn::Sub"), str()):
            return True
        case "Fn::Sub", [str(), Mapping()]:
            return True
        case "Fn::Join", [str(), list() | tuple() | Mapping()]:
            return True
        case "Fn::Select", [_, list() | tuple() | Mapping()]:
            return True
        case "Fn::Split", [str() as delimiter, str() | Mapping()]:
            return bool(delimiter)
        case "Fn::FindInMap", [str() | Mapping(), str() | Mapping(), str() | Mapping()]:
            return True
        case _:
            return False
