"""The body of a fleet template, made as soon as its settings are known."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from ..aws_iot import FleetTemplate
from ..aws_iot.fleet_body import fleet_body
from .documents import now_or_later


def fleet_document(
    settings: Mapping[str, Any], policy_name: pulumi.Input[str]
) -> pulumi.Input[dict[str, Any]]:
    """The body that settings describe, or the one that they give.

    Args:
        settings: Those of ``FleetProvisioningArgs`` that describe a body.
        policy_name: The policy that devices get.
    """

    def document(body: Any, **given: Any) -> Any:
        made: Any = fleet_body(policy_name=cast(str, policy_name), body=body, **given)
        return made.document if isinstance(made, FleetTemplate) else made

    body: pulumi.Input[dict[str, Any]] = now_or_later(
        document,
        body=settings.get("body"),
        thing_name_prefix=settings.get("thing_name_prefix"),
        serial_number_parameter=settings.get("serial_number_parameter", "SerialNumber"),
        thing_type_name=settings.get("thing_type_name"),
        thing_groups=settings.get("thing_groups", []),
        attributes=settings.get("attributes"),
        device_configuration=settings.get("device_configuration"),
        attested=settings.get("attestation") is not None,
    )
    return body
