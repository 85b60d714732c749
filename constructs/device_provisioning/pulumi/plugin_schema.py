"""The schema of the components, which SDKs and pages of other languages are made of."""

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_args

from pulumi.provider.experimental.analyzer import Analyzer, PropertyDefinition
from pulumi.provider.experimental.schema import Property
from pulumi.provider.experimental.util import camel_case

from ..fleet.annotations import is_union
from .annotations import is_input

Schema = dict[str, Any]
_SECTION = re.compile(r"^(Args|Attributes|Example|Raises):", re.MULTILINE)
_CODE = re.compile(r"``(.+?)``")
_INSIDE = re.compile(r",(?: such as)? ``\w+`` of an? ``\w+``")
"""What is inside a component: only programs in Python reach it."""


class SettingAnalyzer(Analyzer):
    """Reads annotations as Pulumi's own does, and unions as well.

    Attributes:
        unions: What each reference to a union stands for.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.unions: dict[str, list[Schema]] = {}

    def analyze_property(
        self,
        arg: Any,
        typ: type,
        name: str,
        *,
        can_be_plain: bool,
        is_component_output: bool,
        optional: bool | None = None,
    ) -> PropertyDefinition:
        """What an annotation is in the schema."""
        if is_union(arg) and not is_input(arg) and type(None) not in get_args(arg):
            parts = [
                super(SettingAnalyzer, self).analyze_property(
                    part, typ, name, can_be_plain=False, is_component_output=is_component_output
                )
                for part in get_args(arg)
            ]
            ref = f"#/unions/{typ.__name__}.{name}"
            self.unions[ref] = [_of_union(Property.from_definition(part).to_json()) for part in parts]
            description = self.get_docstring(typ, name)
            return PropertyDefinition(
                ref=ref,
                optional=bool(optional),
                plain=True if can_be_plain else None,
                description=description,
            )
        return super().analyze_property(
            arg,
            typ,
            name,
            can_be_plain=can_be_plain,
            is_component_output=is_component_output,
            optional=optional,
        )


def in_words_of_all_languages(schema: Schema, unions: Mapping[str, list[Schema]]) -> Schema:
    """A schema with its unions, whose descriptions say nothing of Python alone.

    Args:
        schema: The schema as Pulumi makes it of annotations and docstrings.
        unions: What each reference to a union stands for.
    """
    settings = {
        name
        for resource in schema["resources"].values()
        for name in (*resource["inputProperties"], *resource["properties"])
    }

    def described(parts: Schema) -> Schema:
        return {
            token: _described(part, settings | set(part.get("properties") or {}), unions)
            for token, part in parts.items()
        }

    return {**schema, "resources": described(schema["resources"]), "types": described(schema["types"])}


def _described(value: Any, names: set[str], unions: Mapping[str, list[Schema]]) -> Any:
    match value:
        case {"$ref": str() as ref} if ref in unions:
            rest = {key: inner for key, inner in value.items() if key != "$ref"}
            return _described({**rest, "oneOf": unions[ref]}, names, unions)
        case {"description": str() as docstring}:
            rest = {key: inner for key, inner in value.items() if key != "description"}
            return {"description": text_of_all(docstring, names), **_described(rest, names, unions)}
        case dict():
            return {key: _described(inner, names, unions) for key, inner in value.items()}
        case list():
            return [_described(inner, names, unions) for inner in value]
    return value


def text_of_all(docstring: str, names: set[str]) -> str:
    """A docstring without its sections, as Markdown, with names of settings as the schema spells them."""
    text = _SECTION.split(inspect.cleandoc(docstring), maxsplit=1)[0].strip()
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]

    def code(found: re.Match[str]) -> str:
        spelled = camel_case(found[1])
        return f"`{spelled if spelled in names else found[1]}`"

    return _CODE.sub(code, _INSIDE.sub("", "\n\n".join(paragraphs)))


def _of_union(part: Any) -> Any:
    """A part of a union, which says nothing that the union says already."""
    if not isinstance(part, dict):
        return part
    kept = {key: inner for key, inner in part.items() if key not in ("description", "plain")}
    return {key: _of_union(inner) for key, inner in kept.items() if inner is not None}
