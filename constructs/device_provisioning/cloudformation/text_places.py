"""Where in a text of JSON or YAML a change has to be made, also inside a text that is JSON itself."""

import json
import re
from functools import cache
from typing import NamedTuple

import yaml

from ..aws_iot.fix import Edit, Insertion, Renaming, Replacement, Rewording
from .positions import JsonTree, YamlTree, argument, step

_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z_]\w*", re.IGNORECASE)
_COLLECTIONS = (yaml.MappingNode, yaml.SequenceNode)


class UnplacedError(ValueError):
    """A change has no place in a text."""


class Span(NamedTuple):
    """A part of a text, and what stands there afterwards."""

    start: int
    end: int
    text: str

    def meets(self, other: "Span") -> bool:
        """Whether both change the same characters, or the same place between two."""
        return self.start == other.start or (self.start < other.end and other.start < self.end)


class JsonText:
    """A text of JSON.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tree = JsonTree(text)
        self._inner = cache(JsonText)

    def span(self, keys: list[str], edit: Edit) -> Span:
        """Where a change has to be made.

        Args:
            keys: The way to its place.
            edit: The change.

        Raises:
            UnplacedError: If there is no such place.
        """
        value, place = self._tree.blanks(0), -1
        for number, key in enumerate(keys):
            value = self._tree.argument(value, key)
            entries = self._tree.entries(value)
            if self._text[value : value + 1] == '"':
                return self._inside(value, keys[number:], edit)
            if key not in entries:
                return self._inserted(value, keys[number:], edit)
            place, value = entries[key]
        return self._at(place, value, edit)

    def _first(self, value: int) -> int:
        """The text of a function, which may stand in a list with names."""
        return self._tree.entries(value)["0"][1] if self._text[value : value + 1] == "[" else value

    def _at(self, place: int, value: int, edit: Edit) -> Span:
        if isinstance(edit, Rewording):
            value = self._first(value)
            start, end = (self._tree.escaped(value + 1, offset) for offset in (edit.start, edit.end))
            return Span(start, end, _escaped(edit.text))
        if isinstance(edit, Replacement):
            return Span(value, self._end(value), edit.value)
        if isinstance(edit, Renaming) and place != value:
            return Span(place, self._end(place), json.dumps(edit.key))
        raise UnplacedError("it has a value already")

    def _end(self, value: int) -> int:
        return json.JSONDecoder().raw_decode(self._text, value)[1]

    def _inside(self, value: int, keys: list[str], edit: Edit) -> Span:
        text, _ = json.JSONDecoder().raw_decode(self._text, value)
        try:
            span = self._inner(text).span(keys, edit)
        except ValueError as error:
            raise UnplacedError(str(error)) from None
        start, end = (self._tree.escaped(value + 1, offset) for offset in (span.start, span.end))
        return Span(start, end, _escaped(span.text))

    def _inserted(self, value: int, keys: list[str], edit: Edit) -> Span:
        if not isinstance(edit, Insertion) or self._text[value : value + 1] != "{":
            raise UnplacedError("there is no such place")
        entries = self._tree.entries(value).values()
        if not entries:
            return Span(value + 1, value + 1, f"{json.dumps(keys[0])}: {wrapped(keys[1:], edit.value)}")
        first, start = min(entries)
        colon = self._text[self._end(first) : start]
        lead = self._text[value + 1 : first]
        following = lead if "\n" in lead else " " if colon[-1:].isspace() else ""
        entry = f"{json.dumps(keys[0])}{colon}{wrapped(keys[1:], edit.value)}"
        return Span(first, first, f"{entry},{following}")


class YamlText:
    """A text of YAML.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tree = YamlTree(text)
        self._inner = cache(JsonText)
        self._line_end = "\r\n" if "\r\n" in text else "\n"

    def span(self, keys: list[str], edit: Edit) -> Span:
        """Where a change has to be made.

        Args:
            keys: The way to its place.
            edit: The change.

        Raises:
            UnplacedError: If there is no such place.
        """
        node, place = self._tree.root, 0
        for number, key in enumerate(keys):
            found = step(node, key)
            if found is None and (around := argument(node)):
                node = around
                found = step(node, key)
            if found is None:
                return self._beyond(node, keys[number:], edit)
            node, place = found
        return self._at(node, place, edit)

    def _beyond(self, node: yaml.Node | None, keys: list[str], edit: Edit) -> Span:
        if isinstance(node, yaml.ScalarNode):
            try:
                span = self._inner(node.value).span(keys, edit)
            except ValueError as error:
                raise UnplacedError(str(error)) from None
            return self._within(node, span)
        if not isinstance(edit, Insertion) or not isinstance(node, yaml.MappingNode):
            raise UnplacedError("there is no such place")
        entry = f"{_yaml(json.dumps(keys[0]))}: {_yaml(wrapped(keys[1:], edit.value))}"
        if not node.value:
            return Span(node.start_mark.index + 1, node.start_mark.index + 1, entry)
        first = node.value[0][0].start_mark
        following = ", " if node.flow_style else self._line_end + " " * first.column
        return Span(first.index, first.index, entry + following)

    def _at(self, node: yaml.Node | None, place: int, edit: Edit) -> Span:
        if isinstance(edit, Rewording):
            text = _first(node)
            return self._within(text, Span(edit.start, edit.end, edit.text))
        if isinstance(edit, Renaming):
            key = self._key_at(place)
            return Span(key.start_mark.index, key.end_mark.index, _yaml(json.dumps(edit.key)))
        if isinstance(edit, Replacement) and node is not None:
            start, end = node.start_mark.index, node.end_mark.index
            is_block = isinstance(node, _COLLECTIONS) and not node.flow_style
            if start == end or is_block or "\n" in self._text[start:end]:
                raise UnplacedError("it is written on several lines")
            return Span(start, end, _yaml(edit.value))
        raise UnplacedError("it has a value already")

    def _key_at(self, place: int) -> yaml.Node:
        for key in _keys(self._tree.root):
            if key.start_mark.index == place:
                return key
        raise UnplacedError("it is not the key of an entry")

    def _within(self, node: yaml.ScalarNode, span: Span) -> Span:
        """A part of a text as it is written, with its quotes, escapes and indentation."""
        start, end = (self._tree.written(node, -1, offset) for offset in (span.start, span.end))
        raw = self._text[node.start_mark.index : node.end_mark.index]
        if min(start, end) < 0 or (node.style == ">" or ("\n" in raw and node.style != "|")):
            raise UnplacedError("its lines are folded")
        return Span(start, end, self._as_written(node, start, span.text))

    def _as_written(self, node: yaml.ScalarNode, start: int, text: str) -> str:
        if node.style == "|":
            line = self._text[self._text.rfind("\n", 0, start) + 1 : start]
            own = min(
                (len(each) - len(each.lstrip()) for each in node.value.split("\n") if each.strip()), default=0
            )
            return text.replace("\n", self._line_end + self._indentation(node, line, own))
        if node.style == '"':
            return _escaped(text)
        if "\n" in text:
            raise UnplacedError("its lines are folded")
        return text.replace("'", "''") if node.style == "'" else text

    def _indentation(self, node: yaml.ScalarNode, line: str, own: int) -> str:
        """What stands before every line of a block."""
        lines = self._text[node.start_mark.index : node.end_mark.index].splitlines()[1:]
        outer = min((len(each) - len(each.lstrip()) for each in lines if each.strip()), default=0)
        return line[: max(outer - own, 0)]


def wrapped(keys: list[str], value: str) -> str:
    """A value in the objects that lead to it.

    Example:
        >>> wrapped(["a", "b"], "1")
        '{"a": {"b": 1}}'
    """
    for key in reversed(keys):
        value = f"{{{json.dumps(key)}: {value}}}"
    return value


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _yaml(value: str) -> str:
    """A value of JSON as people write it in YAML."""
    given = json.loads(value)
    return given if isinstance(given, str) and _PLAIN.fullmatch(given) else value


def _first(node: yaml.Node | None) -> yaml.ScalarNode:
    if isinstance(node, yaml.SequenceNode) and node.value:
        node = node.value[0]
    if not isinstance(node, yaml.ScalarNode):
        raise UnplacedError("it is not a text")
    return node


def _keys(node: yaml.Node | None) -> list[yaml.Node]:
    found: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found += [key, *_keys(value)]
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _keys(value)
    return found
