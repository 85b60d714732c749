"""Loops of ``AWS::LanguageExtensions`` written out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped
from .stack_values import token

_MAX_ROUNDS = 1000


def loop_entries(document: Mapping[str, Any], loop: Any) -> Iterator[tuple[str, Any, str]]:
    """What a loop stands for: each key and value, and their place inside the loop.

    Args:
        document: The template, whose parameters may hold the values of the loop.
        loop: The identifier, the values and the pattern of keys and values.

    Example:
        >>> loop = ["Name", ["pump"], {"${Name}s": {"Ref": "Name"}}]
        >>> list(loop_entries({}, loop))
        [('pumps', 'pump', '/2/${Name}s')]
    """
    match loop:
        case [str() as identifier, values, Mapping() as pattern]:
            for value in _values(document, values)[:_MAX_ROUNDS]:
                for key, inner in pattern.items():
                    yield (
                        _text(str(key), identifier, value),
                        _filled(inner, identifier, value),
                        f"/2/{escaped(str(key))}",
                    )


def _values(document: Mapping[str, Any], values: Any) -> list[str]:
    match values:
        case list():
            return [str(value) if isinstance(value, str | int) else token("Each") for value in values]
        case {"Ref": str() as name}:
            parameters = document.get("Parameters")
            parameter = parameters.get(name) if isinstance(parameters, Mapping) else None
            default = parameter.get("Default") if isinstance(parameter, Mapping) else None
            return default.split(",") if isinstance(default, str) else [token(name)]
        case _:
            return [token("Each")]


def _filled(value: Any, identifier: str, own: str) -> Any:
    match value:
        case {"Ref": name} if len(value) == 1 and name == identifier:
            return own
        case Mapping():
            return {
                _text(str(key), identifier, own): _filled(inner, identifier, own)
                for key, inner in value.items()
            }
        case list():
            return [_filled(inner, identifier, own) for inner in value]
        case str():
            return _text(value, identifier, own)
        case _:
            return value


def _text(text: str, identifier: str, own: str) -> str:
    return re.sub(rf"[$&]\{{{re.escape(identifier)}\}}", lambda _: own, text)
