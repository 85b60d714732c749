"""Names of provisioning templates."""

import re

MAX_LENGTH = 36
_PATTERN = re.compile(r"[0-9A-Za-z_-]{1,36}")


def require_template_name(name: str) -> str:
    """Return a name that AWS IoT accepts for a provisioning template.

    Args:
        name: 1 to 36 letters, digits, ``_`` and ``-``
            (https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html).

    Raises:
        ValueError: If the name is anything else.

    Example:
        >>> require_template_name("sensors")
        'sensors'
    """
    if not _PATTERN.fullmatch(name):
        raise ValueError(
            f"template name {name!r} has {len(name)} characters: give 1 to {MAX_LENGTH} letters, digits, _ or -"
        )
    return name
