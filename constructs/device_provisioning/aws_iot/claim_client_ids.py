"""The client ids of claim connections: one that is the name of a thing would end that device's connection."""

import string
from collections.abc import Iterator, Sequence

from .rules.patterns import can_be_named, covers
from .rules.statements import can_match

CLAIM_CLIENT_ID_PATTERNS = ("claim-*",)
# Service quotas: the size of a client id
LONGEST_CLIENT_ID = 128
_WORDS = ("rotation", *string.ascii_lowercase)


def require_client_id_patterns(patterns: Sequence[str], thing_name_patterns: Sequence[str] = ()) -> None:
    """Make sure that there are patterns, and that each lets a claim connect.

    Args:
        patterns: The client ids of claims: ``*`` stands for any characters, ``?`` for one.
        thing_name_patterns: The names of things, which a claim can't connect with.

    Raises:
        ValueError: With every pattern that does not.

    Example:
        >>> require_client_id_patterns(["sensor-?"], ["sensor-*"])
        Traceback (most recent call last):
        ValueError: the claim's client id pattern 'sensor-?' allows nothing but names of things, sensor-*,\
 and a claim can't connect with those: give client ids that begin otherwise
    """
    if isinstance(patterns, str) or not patterns:
        raise ValueError(f"the claim's client id patterns are {patterns!r}: give a list such as ['claim-*']")
    problems = [problem for pattern in patterns for problem in _problems(pattern, thing_name_patterns)]
    if problems:
        raise ValueError("\n".join(problems))


def _problems(pattern: str, thing_name_patterns: Sequence[str]) -> Iterator[str]:
    if not pattern:
        yield "a client id pattern of the claim is empty: give one such as 'claim-*'"
    if len(pattern) > LONGEST_CLIENT_ID:
        yield (
            f"the claim's client id pattern {pattern!r} has more than {LONGEST_CLIENT_ID} characters, which"
            " no client id has: shorten it"
        )
    for name in denied_client_ids([pattern], thing_name_patterns):
        if covers(name, pattern):
            yield (
                f"the claim's client id pattern {pattern!r} allows nothing but names of things, {name}, and a"
                " claim can't connect with those: give client ids that begin otherwise"
            )


def denied_client_ids(patterns: Sequence[str], thing_name_patterns: Sequence[str]) -> list[str]:
    """The names of things that client ids could be: a claim policy denies them.

    A pattern of names that begins with a wildcard shows nothing that could be denied.

    Args:
        patterns: The client ids of claims.
        thing_name_patterns: The names of things.

    Example:
        >>> denied_client_ids(["claim-*", "????"], ["gg-*"])
        ['gg-*']
    """
    return [
        name
        for name in thing_name_patterns
        if not name.startswith("*") and any(can_be_named(pattern, name) for pattern in patterns)
    ]


def a_client_id(
    patterns: Sequence[str], thing_name_patterns: Sequence[str] = (), words: Sequence[str] = _WORDS
) -> str:
    """A client id that a claim may connect with.

    Args:
        patterns: The client ids of claims.
        thing_name_patterns: The names of things, none of which it is.
        words: What may stand in the place of ``*``, and by its first character in that of ``?``; the first
            that fits is taken.

    Raises:
        ValueError: If there is none, as each pattern depends on the certificate or is a thing's name.

    Example:
        >>> a_client_id(["factory-*"]), a_client_id(["????-??"])
        ('factory-rotation', 'rrrr-rr')
    """
    denied = denied_client_ids(patterns, thing_name_patterns)
    for pattern in patterns:
        for word in words:
            name = pattern.replace("*", word).replace("?", word[0])
            if "${iot:" not in pattern and not any(can_match(other, name) for other in denied):
                return name
    raise ValueError(
        f"no client id is known that the claim may connect with, by {', '.join(patterns)}: give a pattern"
        " without policy variables, such as claim-*"
    )
