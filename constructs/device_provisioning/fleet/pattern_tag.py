"""The tag of a table that says what serial numbers the hooks over its list let through."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence

PATTERN_TAG = "device-provisioning:serial-number-pattern"
_LONGEST_VALUE = 256
"""https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html; it also allows few characters."""


def united_pattern(patterns: Sequence[str]) -> str:
    """One regular expression for what any of several lets through.

    Example:
        >>> united_pattern(["[0-9]{8}", "[A-F]{4}"])
        '(?:[0-9]{8})|(?:[A-F]{4})'
    """
    different = list(dict.fromkeys(patterns))
    return different[0] if len(different) == 1 else "|".join(f"(?:{pattern})" for pattern in different)


def pattern_tag(patterns: Sequence[str]) -> dict[str, str]:
    """The tag as name and value; nothing if the patterns are too long for one.

    Example:
        >>> pattern_tag(["[0-9]{8}"])
        {'device-provisioning:serial-number-pattern': 'WzAtOV17OH0'}
    """
    value = base64.urlsafe_b64encode(united_pattern(patterns).encode()).decode().rstrip("=")
    return {PATTERN_TAG: value} if len(value) <= _LONGEST_VALUE else {}


def tagged_pattern(tags: Mapping[str, str]) -> str | None:
    """The pattern that the tags of a table say; ``None`` if they say none that can be used.

    Example:
        >>> tagged_pattern(pattern_tag(["[0-9]{8}"]))
        '[0-9]{8}'
    """
    value = tags.get(PATTERN_TAG)
    if not value:
        return None
    try:
        padded = value + "=" * (-len(value) % 4)
        pattern = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        re.compile(pattern)
    except (binascii.Error, UnicodeDecodeError, re.error):
        return None
    return pattern
