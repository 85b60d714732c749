"""Parameters that only the list may give."""

from collections.abc import Mapping
from typing import Any

import pulumi

from ..aws_iot.listed_parameters import listed_parameters
from .documents import known_throughout
from .fleet_body import fleet_document


def listed_of_fleet(settings: Mapping[str, Any]) -> pulumi.Input[list[str]]:
    """The parameters of a fleet that no device may choose; at once if its body is known at once.

    Args:
        settings: Those of ``FleetProvisioningArgs``.

    Raises:
        ValueError: If ``device_parameters`` has a name that the body does not refer to.
    """
    parameter = settings.get("serial_number_parameter", "SerialNumber")
    chosen = settings.get("device_parameters", [])
    listed: pulumi.Input[list[str]] = known_throughout(
        lambda body: listed_parameters(body, parameter, chosen), fleet_document(settings, "")
    )
    return listed
