"""The parts of a provisioning template body.

https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from .functions import CERTIFICATE_ID, ref
from .unresolved import Unresolved

Value = Any
"""A string, an intrinsic function, or what an engine will know later."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def _properties(self) -> dict[str, Any]:
        # Not model_dump: it would look into what engines put here.
        fields = type(self).model_fields
        values = {
            field.serialization_alias or to_pascal(name): getattr(self, name)
            for name, field in fields.items()
        }
        return {name: plain(value) for name, value in values.items() if value is not None}


class Parameter(_Part):
    """A value that a device, the hook or AWS IoT supplies.

    Args:
        type: Always ``String``.
        default: What stands in when nobody supplies it; without one, registration fails.

    Raises:
        pydantic.ValidationError: If the type is another one, or a setting is unknown.
    """

    type: Literal["String"] = "String"
    default: Value = None

    def document(self) -> dict[str, Any]:
        """The part as JSON."""
        return self._properties()


class _Resource(_Part):
    resource_type: ClassVar[str]
    override_settings: Mapping[str, Value] | None = None

    def document(self) -> dict[str, Any]:
        """The part as JSON."""
        properties = self._properties()
        overrides = properties.pop("OverrideSettings", None)
        resource = {"Type": self.resource_type, "Properties": properties}
        return {**resource, "OverrideSettings": overrides} if overrides else resource


class Thing(_Resource):
    """The thing that stands for the device.

    Args:
        thing_name: 1 to 128 characters of ``a-zA-Z0-9:_-`` once it is evaluated.
        thing_type_name: The thing type, which has to exist; none by default.
        thing_groups: Static thing groups, which have to exist, at most 10; none by default.
        billing_group: The billing group, which has to exist; none by default.
        attribute_payload: Attributes as a flat map, 3 at most without a thing type; none by default.
        override_settings: What happens to ``AttributePayload``, ``ThingTypeName`` and ``ThingGroups`` of a
            thing that exists: ``DO_NOTHING``, ``REPLACE``, ``FAIL``, and ``MERGE`` but for the type. What
            happens when they are left out is not documented.

    Raises:
        pydantic.ValidationError: If a value has another form, or a setting is unknown.
    """

    resource_type = "AWS::IoT::Thing"
    thing_name: Value
    thing_type_name: Value = None
    thing_groups: list[Value] | tuple[Value, ...] | Unresolved | None = None
    billing_group: Value = None
    attribute_payload: Mapping[str, Value] | Unresolved | None = None


class Certificate(_Resource):
    """The device's certificate.

    Args:
        certificate_id: The certificate that exists already; the device's own by default. Bulk templates may
            give one of the others instead.
        certificate_signing_request: A CSR in PEM; bulk templates only.
        certificate_pem: A certificate in PEM; bulk templates only.
        ca_certificate_pem: The CA of ``certificate_pem`` when several share its subject.
        status: ``ACTIVE`` by default, or ``INACTIVE``.
        thing_principal_type: ``EXCLUSIVE_THING`` or ``NON_EXCLUSIVE_THING``; AWS IoT's default is the latter.
        override_settings: What happens to the ``Status`` of a certificate that exists.

    Raises:
        pydantic.ValidationError: If a setting is unknown.
    """

    resource_type = "AWS::IoT::Certificate"
    certificate_id: Value = None
    certificate_signing_request: Value = None
    certificate_pem: Value = None
    ca_certificate_pem: Value = Field(default=None, serialization_alias="CACertificatePem")
    status: Value = "ACTIVE"
    thing_principal_type: Value = None

    @model_validator(mode="before")
    @classmethod
    def _own_certificate(cls, values: dict[str, Any]) -> dict[str, Any]:
        ways = {"certificate_id", "certificate_signing_request", "certificate_pem"}
        return values if ways & values.keys() else {**values, "certificate_id": ref(CERTIFICATE_ID)}


class Policy(_Resource):
    """An AWS IoT policy of the certificate: by name if it exists, or by a document.

    Args:
        policy_name: The name of a policy that exists.
        policy_document: A document, from which AWS IoT makes a policy: an object, or JSON text, which is the
            only form that is documented for JITP and bulk templates.
        override_settings: Passed on as they are; AWS documents none for a policy.

    Raises:
        pydantic.ValidationError: If a setting is unknown.
    """

    resource_type = "AWS::IoT::Policy"
    policy_name: Value = None
    policy_document: Value = None


def plain(value: Any) -> Any:
    """A copy of a JSON value in plain dicts and lists; what an engine knows later stays what it is."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
