"""JSON pointers as cfn-lint's paths."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..aws_iot.json_pointer import keys_of

_FROM_OBJECT = "Fn::ToJsonString"


def place_of(pointer: str, template: Any) -> list[str | int]:
    """The path of a JSON pointer as far as the template goes.

    A body is a string there, so a place inside a body is that of its string, unless it is made of an object.

    Example:
        >>> place_of("/Resources/T/Properties/TemplateBody/Parameters", {"Resources": {"T": {}}})
        ['Resources', 'T']
    """
    path: list[str | int] = []
    for key in keys_of(pointer):
        if isinstance(template, Mapping) and key not in template and list(template) == [_FROM_OBJECT]:
            path.append(_FROM_OBJECT)
            template = template[_FROM_OBJECT]
        if isinstance(template, Mapping) and key in template:
            path.append(key)
            template = template[key]
        elif _is_index(key, template):
            path.append(int(key))
            template = template[int(key)]
        else:
            break
    return path


def _is_index(key: str, template: Any) -> bool:
    is_list = isinstance(template, Sequence) and not isinstance(template, str)
    return is_list and key.isdigit() and int(key) < len(template)
