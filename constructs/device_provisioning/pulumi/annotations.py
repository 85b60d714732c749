"""What the annotations of Pulumi's inputs say."""

from collections.abc import Awaitable
from typing import Any, get_args, get_origin

from ..fleet.annotations import is_union


def is_input(annotation: Any) -> bool:
    """Whether an annotation is one of Pulumi's inputs, which may be known later."""
    return is_union(annotation) and any(get_origin(each) is Awaitable for each in get_args(annotation))


def plain(annotation: Any) -> Any:
    """The type of an input once it is known; another annotation as it is."""
    if not is_input(annotation):
        return annotation
    return next(get_args(each)[0] for each in get_args(annotation) if get_origin(each) is Awaitable)


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that a known value may have."""
    known = plain(annotation)
    return get_args(known) if is_union(known) else (known,)
