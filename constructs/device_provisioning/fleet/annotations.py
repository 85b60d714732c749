"""What the annotations of settings say, on either engine."""

import types
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Union, get_origin


def is_union(annotation: Any) -> bool:
    """Whether an annotation names several types."""
    return get_origin(annotation) in (Union, types.UnionType)


def is_list(annotation: Any) -> bool:
    """Whether an annotation is a list of something."""
    return get_origin(annotation) in (list, Sequence)


def is_mapping(annotation: Any) -> bool:
    """Whether an annotation is an object whose keys are free."""
    return get_origin(annotation) in (dict, Mapping)


def is_enum(annotation: Any) -> bool:
    """Whether an annotation is an enum."""
    return isinstance(annotation, type) and issubclass(annotation, Enum)
