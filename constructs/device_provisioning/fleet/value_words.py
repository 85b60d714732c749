"""What a value is, in words of either engine's users."""

from typing import Any

LONGEST_SHOWN = 40
NAMES: dict[Any, str] = {
    Any: "anything",
    bool: "a boolean",
    dict: "an object",
    float: "a number",
    int: "a whole number",
    list: "a list",
    str: "a string",
    tuple: "a list",
}
SEVERAL: dict[Any, str] = {bool: "booleans", float: "numbers", int: "whole numbers", str: "strings"}


def described(value: Any, kind: str) -> str:
    """What a value is, and the value itself if it is short.

    Args:
        value: The value.
        kind: The name of its type, if it is none of JSON's.

    Example:
        >>> described("sensors", "str")
        "'sensors', which is a string"
    """
    if value is None:
        return "None"
    name = NAMES.get(type(value)) or with_article(kind)
    is_short = isinstance(value, str | int | float) and len(repr(value)) <= LONGEST_SHOWN
    return f"{value!r}, which is {name}" if is_short else name


def with_article(name: str) -> str:
    """A name with its article.

    Example:
        >>> with_article("object")
        'an object'
    """
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
