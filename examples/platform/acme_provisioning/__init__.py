"""What Acme decides for every fleet, whichever engine deploys it."""

import re
from typing import Any

BOUNDARY = "acme-boundary"
"""The managed policy that limits every role: security keeps it in each account."""
TOPIC_PREFIX = "acme"
LONGEST_PRODUCT = 20
PRODUCT = f"[a-z][a-z0-9]{{2,{LONGEST_PRODUCT - 1}}}"


def template_name(product: str) -> str:
    """What a fleet's template is called."""
    return f"acme-{product}"


def thing_name_prefix(product: str) -> str:
    """What the names of a fleet's things begin with."""
    return f"{product}-"


def device_policy(product: str) -> dict[str, Any]:
    """The settings of the policy of a fleet's devices."""
    return {"policy_name": f"acme-{product}-device", "topic_prefix": TOPIC_PREFIX, "shadow": True}


def tags(product: str, team: str) -> dict[str, str]:
    """What bills and inventories go by."""
    return {"acme:product": product, "acme:team": team}


def require_product(product: str) -> None:
    """Make sure that a product's name suits everything that is named after it.

    Raises:
        ValueError: If it doesn't.
    """
    if not re.fullmatch(PRODUCT, product):
        raise ValueError(
            f"product is {product!r}: give 3 to {LONGEST_PRODUCT} lower-case letters and digits,"
            " a letter first"
        )
