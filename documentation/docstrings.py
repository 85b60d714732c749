"""An extension of griffe, which reads the docstrings: what it does not know of how they are written here."""

import re
from collections.abc import Iterator
from typing import Any

import griffe

_BLOCK = re.compile(r"^( *)Example::\n\n((?:\1    .*\n|\n)*\1    .*)", re.MULTILINE)
_DOCTEST = re.compile(r"^( *)Example:$", re.MULTILINE)
_MODELS = {"pydantic.BaseModel", "typing.NamedTuple"}


class Docstrings(griffe.Extension):
    """Examples as code, the fields of models as parameters, the values of fixed sets, and no private code."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Mark the examples of a docstring as code."""
        if obj.docstring:
            text = _BLOCK.sub(r"\1Examples:\n\1    ```python\n\2\n\1    ```", obj.docstring.value)
            obj.docstring.value = _DOCTEST.sub(r"\1Examples:", text)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Give every class what a reader of it needs."""
        for each in _classes(pkg):
            if _is_model(each) and "__init__" not in each.members:
                _set_signature(each)
            if each.docstring and any("Enum" in str(base) for base in each.bases):
                each.docstring.value += f"\n\nValues: {', '.join(_values(each))}."
            for attribute in each.attributes.values():
                if isinstance(attribute.value, griffe.Expr):
                    attribute.value = None


def _classes(parent: griffe.Module | griffe.Class) -> Iterator[griffe.Class]:
    for member in parent.members.values():
        if isinstance(member, griffe.Class):
            yield member
        if isinstance(member, griffe.Class | griffe.Module):
            yield from _classes(member)


def _set_signature(model: griffe.Class) -> None:
    fields = {field.name: field for field in _fields(model)}
    parameters = griffe.Parameters(griffe.Parameter("self"), *map(_parameter, fields.values()))
    model.set_member("__init__", griffe.Function("__init__", parameters=parameters, parent=model))


def _values(words: griffe.Class) -> Iterator[str]:
    for word in words.attributes.values():
        if word.value and "property" not in word.labels:
            yield f"`{word.name}` = `{word.value}`"


def _ancestors(model: griffe.Class) -> list[griffe.Class]:
    return [model, *model.mro()]


def _is_model(model: griffe.Class) -> bool:
    bases = [base for each in _ancestors(model) for base in each.bases]
    return any(isinstance(base, griffe.Expr) and base.canonical_path in _MODELS for base in bases)


def _fields(model: griffe.Class) -> Iterator[griffe.Attribute]:
    for each in reversed(_ancestors(model)):
        for member in each.members.values():
            if isinstance(member, griffe.Attribute) and member.annotation and not _is_shared(member):
                yield member


def _is_shared(field: griffe.Attribute) -> bool:
    return "property" in field.labels or "instance-attribute" not in field.labels


def _parameter(field: griffe.Attribute) -> griffe.Parameter:
    default = field.value
    if isinstance(default, griffe.ExprCall) and default.canonical_path == "pydantic.Field":
        given = {each.name: each.value for each in default.arguments if isinstance(each, griffe.ExprKeyword)}
        default = given.get("default")
    kind = griffe.ParameterKind.keyword_only
    return griffe.Parameter(field.name, annotation=field.annotation, kind=kind, default=default)
