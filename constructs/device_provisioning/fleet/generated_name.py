"""Names of resources that an engine does not name itself."""

import hashlib
import re

_DIGITS = 8


def generated_name(path: str, *, longest: int, ending: str = "") -> str:
    """A name that says what it is of, the same from deployment to deployment and unlike any other's.

    Args:
        path: Where the resource is defined, from the outside in, parted by ``/``.
        longest: How many characters the name may have.
        ending: What the name ends with; nothing by default.

    Example:
        >>> generated_name("acme/plant/dev/sensors", longest=36)
        'sensors-bb9b4efe'
    """
    digest = hashlib.sha256(path.encode()).hexdigest()[:_DIGITS]
    readable = re.sub("[^0-9A-Za-z_-]", "-", path.rpartition("/")[2])
    return f"{readable[: longest - _DIGITS - 1 - len(ending)]}-{digest}{ending}"
