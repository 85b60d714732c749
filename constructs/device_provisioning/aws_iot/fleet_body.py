"""The template body of a fleet whose things are named after their serial numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..attestation.proof import PROOF_PARAMETER
from .functions import join, ref
from .parts import Certificate, Parameter, Policy, Thing
from .rules.body import Located, references
from .template import FleetTemplate


def fleet_body(
    *,
    policy_name: str,
    body: FleetTemplate | None = None,
    thing_name_prefix: str | None = None,
    serial_number_parameter: str = "SerialNumber",
    thing_type_name: str | None = None,
    thing_groups: Sequence[Any] = (),
    attributes: Mapping[str, Any] | None = None,
    device_configuration: Mapping[str, Any] | None = None,
    attested: bool = False,
) -> FleetTemplate:
    """The body that ``FleetProvisioning`` deploys: yours as it is, or one made of the settings.

    The thing's certificate is attached exclusively, and a thing that exists keeps what it is: its type
    stays, its attributes are merged, it joins the groups and leaves none.

    Args:
        policy_name: The policy that devices get.
        body: A body of your own; none by default.
        thing_name_prefix: What thing names begin with; empty is allowed, left out only with ``body``.
        serial_number_parameter: The parameter that carries the serial number.
        thing_type_name: The thing type; none by default.
        thing_groups: Thing groups, names or functions; none by default.
        attributes: Attributes, values or functions; none by default.
        device_configuration: What a device gets with the answer; nothing by default.
        attested: Whether devices send a proof, a parameter that the body declares then; no by default.

    Raises:
        ValueError: If neither a prefix nor a body is given, or a body and settings of a thing.

    Example:
        >>> body = fleet_body(policy_name="sensor", thing_name_prefix="sensor-")
        >>> body.document["Resources"]["thing"]["Properties"]["ThingName"]
        {'Fn::Join': ['', ['sensor-', {'Ref': 'SerialNumber'}]]}
    """
    settings = {
        "thing_name_prefix": thing_name_prefix is not None,
        "thing_type_name": thing_type_name is not None,
        "thing_groups": bool(thing_groups),
        "attributes": bool(attributes),
        "device_configuration": bool(device_configuration),
    }
    given = [name for name, is_given in settings.items() if is_given]
    if body and given:
        raise ValueError(f"body and {', '.join(given)} are given: put them into the body or leave body out")
    if body:
        return body
    if thing_name_prefix is None:
        raise ValueError(
            "neither thing_name_prefix nor body is given: give the prefix of the thing names, so that the"
            ' role can touch no other things, or thing_name_prefix="" for all things'
        )
    serial = ref(serial_number_parameter)
    name = join("", [thing_name_prefix, serial]) if thing_name_prefix else serial
    used = Located("", [*thing_groups, attributes, device_configuration])
    names = [serial_number_parameter, *(parameter for _, parameter in references(used))]
    names += [PROOF_PARAMETER] if attested else []
    return FleetTemplate(
        parameters={name: Parameter() for name in names},
        thing=Thing(
            thing_name=name,
            thing_type_name=thing_type_name,
            thing_groups=list(thing_groups) or None,
            attribute_payload=dict(attributes) if attributes else None,
            override_settings=override_settings(thing_groups, attributes),
        ),
        certificate=Certificate(status="ACTIVE", thing_principal_type="EXCLUSIVE_THING"),
        policies=[Policy(policy_name=policy_name)],
        device_configuration=dict(device_configuration) if device_configuration else None,
    )


def override_settings(thing_groups: Sequence[Any], attributes: Mapping[str, Any] | None) -> dict[str, str]:
    """What happens to a thing that exists: it keeps its type, and is merged with the rest.

    Each is written, because AWS documents no default.
    """
    return {
        "AttributePayload": "MERGE" if attributes else "DO_NOTHING",
        "ThingGroups": "MERGE" if thing_groups else "DO_NOTHING",
        "ThingTypeName": "DO_NOTHING",
    }
