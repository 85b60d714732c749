"""Lines and columns in JSON and YAML texts, also inside a body that is text in them."""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import yaml

from ..aws_iot.json_pointer import keys_of

AROUND = ("Fn::Sub", "Fn::ToJsonString")
"""The functions whose argument becomes the text of a body."""
_BLANKS = re.compile(r"[ \t\n\r]*")
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


class Position(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


def position_at(text: str, offset: int) -> Position:
    r"""The place of a character.

    Args:
        text: The text.
        offset: How many characters are before it.

    Example:
        >>> position_at("a\nbc", 3)
        Position(line=2, column=2)
    """
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class Positions:
    """Where the values of a text are.

    Args:
        text: JSON or YAML.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, pointer: str, offset: int | None = None) -> Position:
        r"""The place of the value that a JSON pointer leads to, or of the last one on the way.

        Args:
            pointer: The pointer (RFC 6901), which may lead into a text that is JSON itself.
            offset: Characters into the text that the pointer leads to; its start by default.

        Example:
            >>> Positions('{"a":\n {"b": 1}}').of("/a/b")
            Position(line=2, column=3)
        """
        return position_at(self._text, self._tree.offset(keys_of(pointer), offset))

    @cached_property
    def _tree(self) -> "JsonTree | YamlTree":
        is_json = self._text.lstrip()[:1] in ("{", "[", '"')
        return JsonTree(self._text) if is_json else YamlTree(self._text)


class JsonTree:
    """The values of a JSON text, found by skipping those before them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan = json.JSONDecoder().raw_decode
        self._inner: dict[int, dict[str, tuple[int, int]]] = {}

    def offset(self, parts: list[str], offset: int | None) -> int:
        """Where a value is, or the last one on the way to it."""
        place, value = 0, self.blanks(0)
        for number, part in enumerate(parts):
            value = self.argument(value, part)
            entries = self.entries(value)
            if part not in entries:
                return self._inside(place, value, parts[number:], offset)
            place, value = entries[part]
        return place if offset is None else self._inside(place, self.argument(value), [], offset)

    def argument(self, value: int, key: str = "") -> int:
        """The text that a function is given; what has the key, or is no such function, is that itself."""
        entries = self.entries(value)
        while key not in entries and len(entries) == 1 and set(entries) <= {*AROUND}:
            ((_, value),) = entries.values()
            if self._text[value : value + 1] == "[" and "0" in self.entries(value):
                value = self.entries(value)["0"][1]
            entries = self.entries(value)
        return value

    def _inside(self, place: int, value: int, parts: list[str], offset: int | None) -> int:
        """A place in a text that is JSON itself."""
        if self._text[value : value + 1] != '"':
            return min(value + offset, len(self._text)) if offset is not None else place
        try:
            inner, _ = self._scan(self._text, value)
        except ValueError:
            return place
        if not parts or inner.lstrip()[:1] not in ("{", "["):
            return place if offset is None else self.escaped(value + 1, offset)
        return self.escaped(value + 1, JsonTree(inner).offset(parts, offset))

    def escaped(self, start: int, length: int) -> int:
        """Where a text is, so many characters after its start."""
        position, characters = start, 0
        while characters < length and (found := _ESCAPE.match(self._text, position)):
            position = found.end()
            characters += 1
        return position

    def entries(self, value: int) -> dict[str, tuple[int, int]]:
        """By key or index: where an entry begins, and where its value does."""
        if value not in self._inner:
            kind = self._text[value : value + 1]
            self._inner[value] = {}
            try:
                for key, place, start in self._pairs(value, kind) if kind in ("{", "[") else ():
                    self._inner[value][key] = (place, start)
            except (ValueError, RecursionError):
                pass  # what is before the fault is known
        return self._inner[value]

    def _pairs(self, start: int, kind: str) -> Iterator[tuple[str, int, int]]:
        position, number = self.blanks(start + 1), 0
        while self._text[position : position + 1] not in ("", "}", "]"):
            place, key = position, str(number)
            if kind == "{":
                key, position = self._scan(self._text, position)
                position = self.blanks(self.blanks(position) + 1)
            yield str(key), place, position
            _, position = self._scan(self._text, position)
            position = self.blanks(position)
            if self._text[position : position + 1] == ",":
                position = self.blanks(position + 1)
            number += 1

    def blanks(self, position: int) -> int:
        """Where what follows begins."""
        found = _BLANKS.match(self._text, position)
        return found.end() if found else position


class YamlTree:
    """The values of a YAML text, by its nodes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def offset(self, parts: list[str], offset: int | None) -> int:
        """Where a value is, or the last one on the way to it."""
        node, place = self.root, 0
        for number, part in enumerate(parts):
            found = step(node, part)
            if found is None:
                node = argument(node) or node
                found = step(node, part)
            if found is None:
                return self._inside(node, place, parts[number:], offset)
            node, place = found
        return place if offset is None else self._inside(argument(node) or node, place, [], offset)

    def _inside(self, node: yaml.Node | None, place: int, parts: list[str], offset: int | None) -> int:
        if not isinstance(node, yaml.ScalarNode):
            return place
        length = offset or 0
        if parts and node.value.lstrip()[:1] in ("{", "["):
            length = JsonTree(node.value).offset(parts, offset)
        elif offset is None:
            return place
        return self.written(node, place, length)

    def written(self, node: yaml.ScalarNode, place: int, length: int) -> int:
        """Where a text is, so many characters after its start."""
        start: int = node.start_mark.index
        end: int = node.end_mark.index
        raw = self._text[start:end]
        if node.style == "|":
            return self._in_block(node, start, length)
        if node.style in ("'", '"') and "\n" not in raw:
            pattern = re.compile("''|.") if node.style == "'" else _ESCAPE
            opening = raw.find(node.style) + 1  # what is before it is a tag or an anchor
            ends = [found.end() for found in pattern.finditer(raw, opening)]
            return start + (ends[length - 1] if 0 < length <= len(ends) else opening)
        at: int = raw.find(node.value)
        return start + at + length if at >= 0 else place

    def _in_block(self, node: yaml.ScalarNode, start: int, length: int) -> int:
        before = node.value[:length]
        line, column = before.count("\n"), length - (before.rfind("\n") + 1)
        position = self._text.find("\n", start) + 1
        for _ in range(line):
            position = self._text.find("\n", position) + 1
        own = node.value.split("\n")[line]
        text = self._text[position:].split("\n", 1)[0]
        indentation = max(text.find(own), 0)
        return int(position + indentation + column)

    @cached_property
    def root(self) -> yaml.Node | None:
        """The outermost value; ``None`` if there is none."""
        try:
            return yaml.compose(self._text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except (yaml.YAMLError, RecursionError, ValueError):
            return None


def step(node: yaml.Node | None, part: str) -> tuple[yaml.Node, int] | None:
    """An entry or an element of a node, and where it begins; ``None`` if there is none."""
    if isinstance(node, yaml.MappingNode):
        # Of equal keys, the last one is meant.
        for key, value in reversed(node.value):
            if isinstance(key, yaml.ScalarNode) and key.value == part:
                return value, key.start_mark.index
        return _long_form(node, part)
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        element = node.value[int(part)]
        return element, element.start_mark.index
    return _long_form(node, part)


def argument(node: yaml.Node | None) -> yaml.Node | None:
    """What a function is given of which it makes a text; ``None`` for anything else."""
    if isinstance(node, yaml.MappingNode) and len(node.value) != 1 and not node.tag.startswith("!"):
        return None
    for name in AROUND:
        if found := step(node, name):
            given: yaml.Node = found[0]
            return given.value[0] if isinstance(given, yaml.SequenceNode) and given.value else given
    return None


def _long_form(node: yaml.Node | None, part: str) -> tuple[yaml.Node, int] | None:
    """The argument of a function in its short form, such as ``!Sub``."""
    tag = node.tag if node else ""
    is_short = (node is not None and tag.startswith("!") and f"Fn::{tag[1:]}" == part) or tag == f"!{part}"
    if node is None or not is_short:
        return None
    tag_of_text = f"tag:{tag}"
    if isinstance(node, yaml.ScalarNode):
        marks = (node.start_mark, node.end_mark, node.style)
        return yaml.ScalarNode(tag_of_text, node.value, *marks), node.start_mark.index
    plain = type(node)(tag_of_text, node.value, node.start_mark, node.end_mark)
    return plain, node.start_mark.index
