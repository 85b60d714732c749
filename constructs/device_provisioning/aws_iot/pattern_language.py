"""What a regular expression lets through: texts that prove it, made from its own parse.

Assertions and references to groups are left out of the parse, which only adds texts. So it is certain that
nothing matches if nothing is found, and a text that is found is tried before it counts.
"""

import re
from collections.abc import Iterable, Iterator, Set
from functools import reduce
from importlib import import_module
from typing import Any

_VISIBLE = frozenset(map(chr, range(ord("!"), ord("~") + 1)))
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


class PatternLanguage:
    """The texts of visible ASCII characters that a whole regular expression matches.

    Args:
        pattern: A regular expression of ``re``.

    Example:
        >>> PatternLanguage("[A-Z]+(/[0-9])?").example_with({"/"})
        'A/0'
    """

    def __init__(self, pattern: str) -> None:
        self._matches = re.compile(pattern).fullmatch
        # ``re`` can't be asked what a pattern matches, and only its own parser knows.
        self._parsed = import_module("re._parser").parse(pattern)
        self._flags = self._parsed.state.flags

    @property
    def shortest(self) -> int:
        """The least number of characters that a match has."""
        return int(self._parsed.getwidth()[0])

    def may_stay_within(self, allowed: Set[str]) -> bool:
        """Whether there may be a match of these characters alone; if not, there is certainly none."""
        return _least(self._parsed, self._flags, allowed) is not None

    def example_with(self, characters: Iterable[str]) -> str | None:
        """A match that has one of these characters; ``None`` if none was found."""
        for character in sorted(characters):
            example = _with(self._parsed, self._flags, character)
            if example is not None and self._matches(example):
                return example
        return None


def _least(parsed: Any, flags: int, allowed: Set[str]) -> str | None:
    """A short match of allowed characters."""
    parts = [_least_of(operation, argument, flags, allowed) for operation, argument in parsed]
    return None if None in parts else "".join(part for part in parts if part)


def _least_of(operation: Any, argument: Any, flags: int, allowed: Set[str]) -> str | None:
    characters = _characters(operation, argument, flags)
    if characters is not None:
        return min(characters & allowed, default=None, key=_readable)
    repeats, inner = _inner(operation, argument, flags)
    if not inner:
        return ""
    if repeats == 0:
        return ""
    found = [text for part, own in inner if (text := _least(part, own, allowed)) is not None]
    return min(found, key=len) * repeats if found else None


def _with(parsed: Any, flags: int, character: str) -> str | None:
    """A short match that has a character."""
    steps = list(parsed)
    for number, (operation, argument) in enumerate(steps):
        middle = _with_of(operation, argument, flags, character)
        before, after = (_least(part, flags, _VISIBLE) for part in (steps[:number], steps[number + 1 :]))
        if middle is not None and before is not None and after is not None:
            return before + middle + after
    return None


def _with_of(operation: Any, argument: Any, flags: int, character: str) -> str | None:
    characters = _characters(operation, argument, flags)
    if characters is not None:
        return character if character in characters else None
    repeats, inner = _inner(operation, argument, flags)
    for part, own in inner:
        found, rest = _with(part, own, character), _least(part, own, _VISIBLE)
        if found is not None:
            return found + (rest or "") * (repeats - 1)
    return None


def _inner(operation: Any, argument: Any, flags: int) -> tuple[int, list[tuple[Any, int]]]:
    """How often one of several parts has to be there, and the parts with their flags."""
    match str(operation):
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, part = argument
            return int(least), [(part, flags)] if most else []
        case "BRANCH":
            return 1, [(part, flags) for part in argument[1]]
        case "SUBPATTERN":
            _, added, removed, part = argument
            return 1, [(part, (flags | added) & ~removed)]
        case "ATOMIC_GROUP":
            return 1, [(argument, flags)]
        case "GROUPREF_EXISTS":
            return 1, [(part or [], flags) for part in argument[1:]]
        case _:
            return 0, []


def _characters(operation: Any, argument: Any, flags: int) -> frozenset[str] | None:
    """The characters that one step matches; ``None`` for a step that is not one character."""
    match str(operation):
        case "LITERAL":
            return _in_any_case(frozenset({chr(argument)}), flags)
        case "NOT_LITERAL":
            return _VISIBLE - _in_any_case(frozenset({chr(argument)}), flags)
        case "ANY":
            return _VISIBLE
        case "IN":
            return _of_set(argument, flags)
        case _:
            return None


def _of_set(entries: Any, flags: int) -> frozenset[str]:
    negated = str(entries[0][0]) == "NEGATE"
    listed = _in_any_case(reduce(frozenset.union, _entries(entries[negated:]), frozenset()), flags)
    return _VISIBLE - listed if negated else listed


def _entries(entries: Any) -> Iterator[frozenset[str]]:
    for kind, value in entries:
        match str(kind):
            case "LITERAL":
                yield frozenset({chr(value)})
            case "RANGE":
                first, last = value
                yield frozenset(character for character in _VISIBLE if first <= ord(character) <= last)
            case "CATEGORY":
                is_one = re.compile(_CATEGORIES[str(value)]).fullmatch
                yield frozenset(filter(is_one, _VISIBLE))


def _in_any_case(characters: frozenset[str], flags: int) -> frozenset[str]:
    if flags & re.IGNORECASE:
        characters |= {character.swapcase() for character in characters}
    return characters & _VISIBLE


def _readable(character: str) -> tuple[bool, str]:
    return not character.isalnum(), character
