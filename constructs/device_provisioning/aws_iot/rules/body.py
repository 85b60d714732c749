"""A template body as rules read it: tolerant of every form, with the place of everything in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..json_pointer import escaped
from ..statements import Document
from ..template_type import TemplateType
from .context import Context

THING, CERTIFICATE, POLICY = "AWS::IoT::Thing", "AWS::IoT::Certificate", "AWS::IoT::Policy"
SECTIONS = ("Parameters", "Mappings", "Resources", "DeviceConfiguration")
FUNCTIONS = ("Ref", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::Sub")
# What an engine fills in stands there as a token, which AWS IoT never sees.
_FILLED_IN = re.compile(r"\$\{[^!{}][^{}]*\}")
_VARIABLE = re.compile(r"\$\{(?!Token\[)([^!{}][^{}]*)\}")


class Located(NamedTuple):
    """A value and its place."""

    path: str
    value: Any

    def __truediv__(self, key: str | int) -> "Located":
        """The value under a key; ``None`` if there is none."""
        place = f"{self.path}/{escaped(str(key))}"
        if isinstance(self.value, Mapping):
            return Located(place, self.value.get(key))
        known = isinstance(self.value, list | tuple) and isinstance(key, int) and key < len(self.value)
        return Located(place, self.value[key] if known else None)

    def items(self) -> Iterator[tuple[str, "Located"]]:
        """The entries of an object; none if it is something else."""
        if isinstance(self.value, Mapping):
            for key in self.value:
                yield str(key), self / key

    def elements(self) -> Iterator["Located"]:
        """The elements of a list; none if it is something else."""
        if isinstance(self.value, list | tuple):
            for index in range(len(self.value)):
                yield self / index

    def inner(self) -> Iterator["Located"]:
        """Whatever is directly inside."""
        yield from (place for _, place in self.items())
        yield from self.elements()


@dataclass(frozen=True)
class Body:
    """A body with what surrounds it.

    Args:
        text: The body as it was given; ``None`` if it was given as a document.
        document: The body; empty if the text is none.
        template_type: What it is for.
        context: What surrounds it.
        defect: Why the text is not a body; ``None`` if it is one.
        defect_offset: How many characters are before what is wrong; not known by default.
    """

    text: str | None
    document: Document
    template_type: TemplateType
    context: Context
    defect: str | None = None
    defect_offset: int | None = None

    @property
    def root(self) -> Located:
        """The whole body."""
        return Located(self.context.body_path, self.document)

    def section(self, name: str) -> Located:
        """A section of the body."""
        return self.root / name

    def resources(self, resource_type: str) -> list[Located]:
        """The resources of a type."""
        return [
            entry for entry in self.section("Resources").inner() if (entry / "Type").value == resource_type
        ]

    def properties(self, resource_type: str, name: str) -> list[Located]:
        """A property of each resource of a type that has it."""
        found = [entry / "Properties" / name for entry in self.resources(resource_type)]
        return [entry for entry in found if entry.value is not None]


def is_function(value: Any) -> bool:
    """Whether a value has the form of an intrinsic function."""
    return isinstance(value, Mapping) and len(value) == 1 and _is_function_name(next(iter(value)))


def _is_function_name(key: Any) -> bool:
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def functions(place: Located) -> Iterator[tuple[str, Located]]:
    """Every intrinsic function inside a value, with its argument's place."""
    if is_function(place.value):
        name = next(iter(place.value))
        yield name, place / name
    for inner in place.inner():
        yield from functions(inner)


def references(place: Located) -> Iterator[tuple[str, str]]:
    """The place and name of every parameter that a value refers to."""
    for function, argument in functions(place):
        if function == "Ref" and isinstance(argument.value, str):
            yield argument.path, argument.value
        elif function == "Fn::Sub":
            own = (argument / 1).value if isinstance(argument.value, list) else None
            text = (argument / 0).value if isinstance(argument.value, list) else argument.value
            for name in variables(text):
                if not (isinstance(own, Mapping) and name in own):
                    yield argument.path, name


def variables(text: Any) -> list[str]:
    """The names that ``Fn::Sub`` replaces in a text."""
    return _VARIABLE.findall(text) if isinstance(text, str) else []


def literal_pieces(value: Any) -> list[str]:
    """The text that a value certainly contains, whatever the parameters are."""
    match value:
        case str():
            return [value]
        case {"Fn::Join": [str() as delimiter, list() as parts]} if len(value) == 1:
            delimiters = [delimiter] * (len(parts) - 1)
            return [*delimiters, *(piece for part in parts for piece in literal_pieces(part))]
        case {"Fn::Sub": str() as text} if len(value) == 1:
            return [piece.replace("${!", "${") for piece in _FILLED_IN.split(text)]
        case _:
            return []
