"""A pre-provisioning hook that knows where each device is."""

from typing import Any

SITES = {"A-0001": "plant7", "A-0002": "lab"}


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Allow devices of a known site."""
    site = SITES.get(event["parameters"].get("SerialNumber", ""))
    return {"allowProvisioning": site is not None, "parameterOverrides": {"Site": site} if site else {}}
