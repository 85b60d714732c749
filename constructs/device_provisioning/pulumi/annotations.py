"""What the annotations of settings say."""

import types
from collections.abc import Awaitable, Mapping, Sequence
from enum import Enum
from typing import Any, Union, get_args, get_origin


def is_union(annotation: Any) -> bool:
    """Whether an annotation names several types."""
    return get_origin(annotation) in (Union, types.UnionType)


def is_input(annotation: Any) -> bool:
    """Whether an annotation is one of Pulumi's inputs, which may be known later."""
    return is_union(annotation) and any(get_origin(each) is Awaitable for each in get_args(annotation))


def is_list(annotation: Any) -> bool:
    """Whether an annotation is a list of something."""
    return get_origin(annotation) in (list, Sequence)


def is_mapping(annotation: Any) -> bool:
    """Whether an annotation is an object whose keys are free."""
    return get_origin(annotation) in (dict, Mapping)


def is_enum(annotation: Any) -> bool:
    """Whether an annotation is an enum."""
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def plain(annotation: Any) -> Any:
    """The type of an input once it is known; another annotation as it is."""
    if not is_input(annotation):
        return annotation
    return next(get_args(each)[0] for each in get_args(annotation) if get_origin(each) is Awaitable)


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that a known value may have."""
    known = plain(annotation)
    return get_args(known) if is_union(known) else (known,)
