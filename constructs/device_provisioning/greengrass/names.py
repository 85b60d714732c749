"""Names that Greengrass accepts: fewer than AWS IoT does.

https://docs.aws.amazon.com/greengrass/v2/developerguide/fleet-provisioning.html (no ``:`` in the names of
core devices and of their thing groups) and API_CreateRoleAlias
"""

from collections.abc import Mapping

from ..aws_iot.limits import TextLimit
from ..aws_iot.unresolved import is_unresolved

CORE_DEVICE_NAME = CORE_DEVICE_GROUP_NAME = TextLimit("a-zA-Z0-9_-", 128)
ROLE_ALIAS_NAME = TextLimit("a-zA-Z0-9_=,@-", 128)


def require_names(names: Mapping[str, tuple[str, TextLimit]]) -> None:
    """Make sure that names are what Greengrass accepts; what an engine knows later is not checked.

    Args:
        names: What each name is for, with the name and its limit.

    Raises:
        ValueError: With every name that is not.

    Example:
        >>> require_names({"thing_name_prefix": ("gg:", CORE_DEVICE_NAME)})
        Traceback (most recent call last):
        ValueError: thing_name_prefix 'gg:' has characters other than a-zA-Z0-9_-
    """
    problems = [
        f"{setting} {name!r} {problem}"
        for setting, (name, limit) in names.items()
        if not is_unresolved(name) and (problem := limit.problem(name))
    ]
    if problems:
        raise ValueError("\n".join(problems))
