"""The template body of devices that are provisioned when they connect for the first time."""

from collections.abc import Mapping, Sequence
from typing import Any

from .fleet_body import override_settings
from .functions import ref
from .parts import Certificate, Parameter, Policy, Thing
from .rules.body import Located, references
from .template import JitpTemplate

COMMON_NAME = "AWS::IoT::Certificate::CommonName"


def jitp_body(
    *,
    policy_name: str,
    body: JitpTemplate | None = None,
    thing_type_name: str | None = None,
    thing_groups: Sequence[Any] = (),
    attributes: Mapping[str, Any] | None = None,
) -> JitpTemplate:
    """The body that ``JustInTimeProvisioning`` deploys: yours as it is, or one made of the settings.

    The thing is named after the common name of the certificate, which is attached exclusively.

    Args:
        policy_name: The policy that devices get.
        body: A body of your own; none by default.
        thing_type_name: The thing type; none by default.
        thing_groups: Thing groups; none by default.
        attributes: Attributes, values or references to the subject; none by default.

    Raises:
        ValueError: If a body and settings of a thing are given.

    Example:
        >>> serial_number = ref("AWS::IoT::Certificate::SerialNumber")
        >>> body = jitp_body(policy_name="pump", attributes={"serial": serial_number})
        >>> [name.rpartition(":")[2] for name in body.document["Parameters"]]
        ['CommonName', 'SerialNumber', 'Id']
    """
    settings = {"thing_type_name": thing_type_name, "thing_groups": thing_groups, "attributes": attributes}
    given = [name for name, value in settings.items() if value]
    if body and given:
        raise ValueError(f"body and {', '.join(given)} are given: put them into the body or leave body out")
    if body:
        return body
    used = references(Located("", [*thing_groups, attributes]))
    names = dict.fromkeys([COMMON_NAME, *(parameter for _, parameter in used)])
    return JitpTemplate(
        parameters={name: Parameter() for name in names},
        thing=Thing(
            thing_name=ref(COMMON_NAME),
            thing_type_name=thing_type_name,
            thing_groups=list(thing_groups) or None,
            attribute_payload=dict(attributes) if attributes else None,
            override_settings=override_settings(thing_groups, attributes),
        ),
        certificate=Certificate(status="ACTIVE", thing_principal_type="EXCLUSIVE_THING"),
        policies=[Policy(policy_name=policy_name)],
    )
