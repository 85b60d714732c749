"""Values of settings, read by the annotations of ``TypedDict`` classes."""

from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any, NotRequired, get_args, get_origin, is_typeddict

import pulumi

from ..fleet.annotations import is_enum, is_list, is_mapping, is_union
from .annotations import alternatives, is_input, plain
from .setting_words import a_value, owner, wanted

Later = Callable[[Any, Any, str], Any]
"""Reads a value by its annotation and its path, once it is known."""


class Reader:
    """Reads values, and keeps what is wrong with them.

    Args:
        later: Reads what is known later.
        spelled: How the program spells the name of a setting.

    Attributes:
        problems: What is wrong, by the path of the value.
    """

    def __init__(self, later: Later, spelled: Callable[[str], str]) -> None:
        self._later = later
        self._spelled = spelled
        self.problems: dict[str, str] = {}

    def read(self, annotation: Any, value: Any, path: str) -> Any:
        """A value as its annotation wants it: what is None is left out, enums are members of theirs."""
        if get_origin(annotation) is NotRequired:
            (wanted,) = get_args(annotation)
            return self.read(wanted, value, path)
        if is_input(annotation):
            return self._input(annotation, value, path)
        if is_union(annotation):
            return self._one_of(annotation, value, path)
        return value if annotation is Any else self._plain(annotation, value, path)

    def _plain(self, annotation: Any, value: Any, path: str) -> Any:
        if isinstance(value, pulumi.Output):
            return self._refused(annotation, value, path)
        if is_typeddict(annotation):
            return self._object(annotation, value, path)
        if is_list(annotation):
            return self._list(annotation, value, path)
        if is_mapping(annotation):
            return self._mapping(annotation, value, path)
        return _as(annotation, value) if _fits(annotation, value) else self._refused(annotation, value, path)

    def _input(self, annotation: Any, value: Any, path: str) -> Any:
        if isinstance(value, pulumi.Output):
            return value.apply(
                lambda known: None if known is None else self._later(plain(annotation), known, path)
            )
        return value if isinstance(value, Awaitable) else self.read(plain(annotation), value, path)

    def _one_of(self, annotation: Any, value: Any, path: str) -> Any:
        for each in alternatives(annotation):
            attempt = Reader(self._later, self._spelled)
            found = attempt.read(each, value, path)
            if not attempt.problems:
                return found
        return self._refused(annotation, value, path)

    def _list(self, annotation: Any, value: Any, path: str) -> Any:
        if not isinstance(value, list | tuple):
            return self._refused(annotation, value, path)
        (each,) = get_args(annotation)
        return [self.read(each, inner, f"{path}[{index}]") for index, inner in enumerate(value)]

    def _mapping(self, annotation: Any, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            return self._refused(annotation, value, path)
        each = get_args(annotation)[1]
        return {key: self.read(each, inner, _below(path, key)) for key, inner in value.items()}

    def _object(self, annotation: Any, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self._refused(annotation, value, path or "args")
        names = {self._spelled(name): name for name in annotation.__annotations__}
        given = {key: inner for key, inner in value.items() if inner is not None}
        for key in [key for key in given if key not in names]:
            self.problems[_below(path, key)] = _unknown(key, annotation, names)
        for spelled in [spelled for spelled, name in names.items() if name in annotation.__required_keys__]:
            if spelled not in given:
                self.problems[_below(path, spelled)] = f"is missing: {owner(annotation)} needs it"
        return {
            names[key]: self.read(annotation.__annotations__[names[key]], inner, _below(path, key))
            for key, inner in given.items()
            if key in names
        }

    def _refused(self, annotation: Any, value: Any, path: str) -> Any:
        self.problems[path] = f"is {a_value(value)}: give {wanted(annotation, value)}"
        return value


def _fits(annotation: Any, value: Any) -> bool:
    if is_enum(annotation):
        return value in [member.value for member in annotation]
    if annotation in (int, float):
        # Whole numbers of other languages arrive as floats.
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (annotation is float or float(value).is_integer())
    return isinstance(value, annotation)


def _as(annotation: Any, value: Any) -> Any:
    return annotation(value) if annotation is int or is_enum(annotation) else value


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)


def _unknown(key: Any, annotation: Any, names: Mapping[str, str]) -> str:
    close = get_close_matches(str(key), names, n=1)
    instead = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(names))}"
    return f"is not a setting of {owner(annotation)}: {instead}"
