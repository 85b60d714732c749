"""How two bodies differ: by place and value, not by text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped

_MISSING = object()


def differences(deployed: Any, wanted: Any) -> list[str]:
    """Lines that show it: ``-`` what is deployed, ``+`` what is wanted, each with its place.

    Args:
        deployed: A body as a JSON document.
        wanted: Another.

    Example:
        >>> differences({"Parameters": {"A": {"Type": "String"}}}, {"Parameters": {}, "Mappings": {}})
        ['+ /Mappings {}', '- /Parameters/A/Type "String"']
    """
    before, after = dict(_leaves(deployed, "")), dict(_leaves(wanted, ""))
    lines = []
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place, _MISSING), after.get(place, _MISSING)
        # An object that is empty on one side has its content shown by the lines below it.
        if old != new or type(old) is not type(new):
            lines += _line("-", place, old, after) + _line("+", place, new, before)
    return lines


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every value that holds no further ones, with its JSON pointer; lists count as one value."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}/{escaped(str(key))}")
    else:
        yield place, value


def _line(sign: str, place: str, value: Any, other: Mapping[str, Any]) -> list[str]:
    if value is _MISSING:
        return []
    if value == {} and any(inner.startswith(f"{place}/") for inner in other):
        return []
    return [f"{sign} {place or '/'} {json.dumps(value, ensure_ascii=True, sort_keys=True)}"]
