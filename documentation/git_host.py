"""What a page of the reference has for git hosts only: on the site mkdocstrings shows the docstrings."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import griffe

from .markdown_tables import rows

_BEGIN, _END = "<!-- for git hosts: left out of the site -->", "<!-- until here -->"
_LEFT_OUT = re.compile(rf"{_BEGIN}.*?{_END}\n*", re.S)
_OF_THE_ENGINE = {"scope", "construct_id", "name", "args", "opts"}
_SHOWN = {"parameters": "setting", "attributes": "attribute"}

Row = tuple[str, str, str]


def without_parts_for_git_hosts(text: str) -> str:
    """A page as the site shows it."""
    return _LEFT_OUT.sub("", text)


def for_git_hosts(name: str, thing: griffe.Object | griffe.Alias) -> str:
    """The tables of what a construct, component or model takes and has; nothing if there are none.

    Args:
        name: The full name, which links lead to.
        thing: What it stands for.
    """
    tables = "\n".join(_tables(thing)) if thing.is_class else ""
    if not tables:
        return ""
    return f'{_BEGIN}\n<a id="{name}"></a>\n\n## {thing.name}\n\n{tables}\n{_END}\n'


def _tables(thing: griffe.Object | griffe.Alias) -> Iterator[str]:
    sections = thing.docstring.parse("google") if thing.docstring else []
    found: dict[str, list[Row]] = {
        each.kind.value: list(_described(each.value)) for each in sections if each.kind.value in _SHOWN
    }
    if thing.name.endswith("Args"):
        found["parameters"] = list(_fields(thing))
    for kind, heading in _SHOWN.items():
        if wanted := [row for row in found.get(kind, ()) if row[0] not in _OF_THE_ENGINE]:
            yield rows((heading, "type", "what it is"), map(_cells, wanted))
    if methods := list(_methods(thing)):
        yield rows(("method", "what it does"), methods)


def _fields(thing: griffe.Object | griffe.Alias) -> Iterator[Row]:
    for field in thing.attributes.values():
        if field.docstring:
            yield field.name, str(field.annotation), field.docstring.value


def _described(section: Iterable[Any]) -> Iterator[Row]:
    for each in section:
        yield each.name, str(each.annotation or ""), each.description


def _methods(thing: griffe.Object | griffe.Alias) -> Iterator[tuple[str, str]]:
    for method in thing.functions.values():
        if method.docstring and not method.name.startswith("_"):
            yield f"`{method.name}`", _in_a_line(method.docstring.value.partition("\n\n")[0])


def _cells(row: Row) -> tuple[str, str, str]:
    name, annotation, description = row
    kind = re.sub(r"^NotRequired\[(.*)\]$", r"\1", annotation)
    return f"`{name}`", f"`{kind}`".replace("|", "\\|") if kind else "", _in_a_line(description)


def _in_a_line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")
