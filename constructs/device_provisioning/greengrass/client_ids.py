"""The client ids with which nuclei enrol.

https://github.com/aws-greengrass/aws-greengrass-fleet-provisioning-by-claim (``deviceId``, or a random UUID)
https://github.com/aws-greengrass/aws-greengrass-lite (``modules/fleet-provisioning``: always a random UUID)
"""

import string
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..aws_iot.claim_client_ids import CLAIM_CLIENT_ID_PATTERNS
from ..aws_iot.unresolved import is_unresolved

RANDOM_UUID = "????????-????-4???-????-????????????"
"""The shape of a UUID of version 4, https://www.rfc-editor.org/rfc/rfc9562#section-5.4."""
NUCLEUS_CLIENT_ID_PATTERNS = (*CLAIM_CLIENT_ID_PATTERNS, RANDOM_UUID)
_FIRST_AND_LAST = ("00000000-0000-4000-8000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff")


def allows_random_uuid(patterns: Sequence[str]) -> bool:
    """Whether a nucleus can enrol that gives itself a random UUID.

    Args:
        patterns: The client ids of claims.

    Example:
        >>> allows_random_uuid(["claim-*"]), allows_random_uuid([RANDOM_UUID])
        (False, True)
    """
    return any(all(fnmatchcase(uuid, pattern) for uuid in _FIRST_AND_LAST) for pattern in patterns)


def require_prefix_of_no_uuid(thing_name_prefix: str, patterns: Sequence[str]) -> None:
    """Make sure that no nucleus gives itself the name of a core by chance: such a claim can't connect.

    Args:
        thing_name_prefix: What the names of cores begin with.
        patterns: The client ids of claims.

    Raises:
        ValueError: If a random UUID that claims may use can begin like the name of a core.

    Example:
        >>> require_prefix_of_no_uuid("ed", [RANDOM_UUID])
        Traceback (most recent call last):
        ValueError: thing_name_prefix 'ed' can begin a UUID, which a nucleus enrols with, and a claim can't\
 connect by the name of a core: give a prefix that is not hexadecimal, such as 'ed-'
    """
    if is_unresolved(thing_name_prefix) or not allows_random_uuid(patterns):
        return
    pairs = zip(thing_name_prefix, RANDOM_UUID, strict=False)
    if all(
        character in string.hexdigits if place == "?" else character == place for character, place in pairs
    ):
        raise ValueError(
            f"thing_name_prefix {thing_name_prefix!r} can begin a UUID, which a nucleus enrols with, and a"
            " claim can't connect by the name of a core: give a prefix that is not hexadecimal, such as"
            f" '{thing_name_prefix[:7]}-'"
        )
