"""Bodies anywhere in a document: as an object, as text, or as text in text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..aws_iot.json_pointer import escaped
from ..aws_iot.rules.body import CERTIFICATE, POLICY, THING
from ..cloudformation.stack_values import StackValues, is_expression
from .plan import LooseBody

_TYPES = (THING, CERTIFICATE, POLICY)
_MAX_DEPTH = 4


def is_body(value: Any) -> bool:
    """Whether a value is a body rather than a CloudFormation template or anything else."""
    if not isinstance(value, Mapping) or {"AWSTemplateFormatVersion", "Transform"} & value.keys():
        return False
    resources = value.get("Resources")
    if not isinstance(resources, Mapping) or not resources:
        return False
    kinds = [entry.get("Type") if isinstance(entry, Mapping) else None for entry in resources.values()]
    # A wrong type is for the rules; another service's makes it a CloudFormation template.
    others = [kind for kind in kinds if isinstance(kind, str) and not kind.startswith("AWS::IoT::")]
    return not others and any(kind in _TYPES for kind in kinds)


def loose_bodies(value: Any) -> Iterator[LooseBody]:
    """Every body in a document.

    Args:
        value: The document, which may be a CloudFormation template.
    """
    values = StackValues(value) if isinstance(value, Mapping) else StackValues({})
    yield from _search(values, value, "", 0)


def _search(values: StackValues, value: Any, pointer: str, depth: int) -> Iterator[LooseBody]:
    if is_body(value):
        yield LooseBody(value, pointer)
    elif isinstance(value, str):
        yield from _in_text(values, value, pointer, depth)
    elif isinstance(value, Mapping):
        resolved = values.resolve(value) if is_expression(value) else None
        if isinstance(resolved, str):
            yield from _in_text(values, resolved, pointer, depth)
            return
        for key, inner in value.items():
            yield from _search(values, inner, f"{pointer}/{escaped(str(key))}", depth)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _search(values, inner, f"{pointer}/{index}", depth)


def _in_text(values: StackValues, text: str, pointer: str, depth: int) -> Iterator[LooseBody]:
    if depth >= _MAX_DEPTH or "AWS::IoT::" not in text or not text.lstrip().startswith(("{", "[", '"')):
        return
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        if '"Resources"' in text and text.lstrip().startswith("{"):
            yield LooseBody(text, pointer)
        return
    if is_body(inner):
        yield LooseBody(text, pointer)
    else:
        yield from _search(values, inner, pointer, depth + 1)
