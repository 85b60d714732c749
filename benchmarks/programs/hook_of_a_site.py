"""A pre-provisioning hook that does next to nothing, so that what is around it is measured."""

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Allow every device, and set its site."""
    site = event["parameters"].get("Site", "lab")
    return {"allowProvisioning": True, "parameterOverrides": {"Site": site}}
