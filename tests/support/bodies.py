"""Bodies that tests of evaluation fill with what they are about."""

from collections.abc import Iterable
from typing import Any

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import Outcome, compile_template

FLEET = TemplateType.FLEET_PROVISIONING
CERTIFICATE_ID = "AWS::IoT::Certificate::Id"
REF = {"Ref": "SerialNumber"}


def a_body(**sections: Any) -> dict[str, Any]:
    """A body of a thing, a certificate and a policy; sections that are given replace its own."""
    body = {
        "Parameters": declared(["SerialNumber", CERTIFICATE_ID]),
        "Resources": resources(),
    }
    return {**body, **sections}


def declared(names: Iterable[str]) -> dict[str, Any]:
    """A section of parameters."""
    return {name: {"Type": "String"} for name in names}


def resources(
    thing: dict[str, Any] | None = None,
    certificate: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    override_settings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The resources of a body; properties that are given are added to their own."""
    return {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {"ThingName": REF, **(thing or {})},
            "OverrideSettings": override_settings or {},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": CERTIFICATE_ID}, **(certificate or {})},
        },
        "policy": {"Type": "AWS::IoT::Policy", "Properties": policy or {"PolicyName": "sensor"}},
    }


def evaluated(body: dict[str, Any], parameters: dict[str, str] | None = None, **given: Any) -> Outcome:
    """What a device gets by a fleet body; the device ``A-1`` by default."""
    kind = given.pop("template_type", FLEET)
    supplied = {"SerialNumber": "A-1"} if parameters is None else parameters
    return compile_template(body, kind).evaluate(supplied, **given)


def reasons(outcome: Outcome) -> list[tuple[str, str]]:
    """The reason and place of every failure."""
    return [(str(failure.reason), failure.path) for failure in outcome.failures]
