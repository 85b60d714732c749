"""Fixes that several rules have."""

import json

from ..fix import Fix, Replacement
from .body import Located


def as_text(place: Located, *, is_safe: bool = True) -> Fix | None:
    """A whole number or a boolean as the text that JSON writes for it; ``None`` for what has no one text.

    Args:
        place: The value.
        is_safe: Whether nothing else could be meant.
    """
    if not isinstance(place.value, int):
        return None
    return Fix((Replacement(place.path, json.dumps(json.dumps(place.value))),), is_safe)
