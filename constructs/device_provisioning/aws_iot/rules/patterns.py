"""Patterns of names and of what policies allow, compared."""

from ..unresolved import is_unresolved
from .statements import can_match

_OF_CLAIMS = "claim-"


def covers(wider: str, pattern: str) -> bool:
    """Whether a pattern whose only wildcards are ``*`` fits all that another one fits.

    Example:
        >>> covers("sensor-*", "sensor-?"), covers("sensor-?", "sensor-*")
        (True, False)
    """
    if "*" not in wider:
        return pattern == wider
    head, *middle, tail = wider.split("*")
    if len(pattern) < len(head) + len(tail) or not (pattern.startswith(head) and pattern.endswith(tail)):
        return False
    rest = pattern[len(head) : len(pattern) - len(tail)]
    for part in middle:
        found = rest.find(part)
        if found < 0:
            return False
        rest = rest[found + len(part) :]
    return True


def can_be_named(client_id_pattern: str, thing_name_pattern: str) -> bool:
    """Whether a client id can be the name of a thing.

    Where a name may begin with anything, nobody is taken to name a thing ``claim-…``.

    Example:
        >>> can_be_named("????", "gg-*"), can_be_named("claim-*", "*"), can_be_named("SN-*", "*")
        (True, False, True)
    """
    begins_anyhow = thing_name_pattern.startswith("*") or is_unresolved(thing_name_pattern)
    if begins_anyhow and client_id_pattern.startswith(_OF_CLAIMS):
        return False
    return can_match(client_id_pattern, thing_name_pattern)
