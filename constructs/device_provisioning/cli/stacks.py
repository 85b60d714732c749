"""Telling CloudFormation templates from bodies that stand alone."""

import json
from collections.abc import Mapping
from typing import Any

from ..aws_iot.rules.stack_reader import AUTHORITY
from ..aws_iot.rules.stack_values import TEMPLATE
from .cloudformation_text import parse_yaml, require_reasonable
from .sources import UnreadableError


def stack_of(text: str) -> Mapping[str, Any] | None:
    """The CloudFormation template that a text is; ``None`` if it is a body, or is meant to be one.

    Raises:
        UnreadableError: If the text is neither.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        return None
    except ValueError:
        return None if text.lstrip().startswith(("{", "[", '"')) else _yaml_stack(text)
    if not isinstance(document, Mapping) or not _is_stack(document):
        return None
    require_reasonable(document)
    return document


def _yaml_stack(text: str) -> Mapping[str, Any]:
    document = parse_yaml(text)
    if not isinstance(document, Mapping):
        raise UnreadableError("is neither a template body in JSON nor a CloudFormation template")
    require_reasonable(document)
    return document


def _is_stack(document: Mapping[str, Any]) -> bool:
    marks = {"AWSTemplateFormatVersion", "Transform"} & document.keys()
    return (
        bool(marks)
        or any(not kind.startswith("AWS::IoT::") for kind in _types(document))
        or holds_templates(document)
    )


def holds_templates(document: Mapping[str, Any]) -> bool:
    """Whether a CloudFormation template holds a provisioning template or a CA."""
    return bool({TEMPLATE, AUTHORITY} & _types(document))


def _types(document: Mapping[str, Any]) -> set[str]:
    resources = document.get("Resources")
    entries = resources.values() if isinstance(resources, Mapping) else ()
    types = {entry.get("Type") for entry in entries if isinstance(entry, Mapping)}
    return {kind for kind in types if isinstance(kind, str)}
