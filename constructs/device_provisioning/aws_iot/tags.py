"""What AWS accepts as tags.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .unresolved import is_unresolved

MAX_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256


def require_tags(tags: Any) -> None:
    """Refuse tags that AWS does not accept; what an engine knows later is not checked.

    Args:
        tags: The tags, if there are any.

    Raises:
        ValueError: With every problem.

    Example:
        >>> require_tags({"aws:owner": "plant"})
        Traceback (most recent call last):
        ValueError: tags has 'aws:owner', which begins with aws: and belongs to AWS: give another key
    """
    if isinstance(tags, Mapping) and (problems := list(_problems(tags))):
        raise ValueError("\n".join(problems))


def _problems(tags: Mapping[Any, Any]) -> Iterator[str]:
    if len(tags) > MAX_TAGS:
        yield f"tags has {len(tags)} tags: give at most {MAX_TAGS}"
    for key, value in tags.items():
        if not is_unresolved(key) and key.lower().startswith("aws:"):
            yield f"tags has {key!r}, which begins with aws: and belongs to AWS: give another key"
        if not is_unresolved(key) and not 0 < len(key) <= LONGEST_KEY:
            yield f"tags has {key!r}, whose key has {len(key)} characters: give 1 to {LONGEST_KEY}"
        if isinstance(value, str) and not is_unresolved(value) and len(value) > LONGEST_VALUE:
            yield f"tags.{key}: the value has {len(value)} characters: give at most {LONGEST_VALUE}"
