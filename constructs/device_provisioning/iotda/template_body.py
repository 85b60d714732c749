"""The body of a pre-provisioning template.

https://support.huaweicloud.com/intl/en-us/api-iothub/CreateProvisioningTemplate.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, validate_call

from ..aws_iot.parts import plain
from ..aws_iot.statements import Document
from ..aws_iot.template_text import minified, parse_body
from .certificate_field import CertificateField

Value = Any
"""A string, a reference to a field of the certificate, or what an engine will know later."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def document(self) -> dict[str, Any]:
        """The part as JSON."""
        # Not model_dump: it would look into what engines put here.
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: _written(value) for name, value in values.items() if value is not None}


class Tag(_Part):
    """A tag of the device.

    Args:
        tag_key: Up to 64 letters, digits, ``_``, ``.`` and ``-``, or a reference.
        tag_value: Up to 128 of the same, or a reference.

    Raises:
        pydantic.ValidationError: If a setting is unknown or missing.
    """

    tag_key: Value
    tag_value: Value


class Device(_Part):
    """The device that IoTDA registers when an unknown one connects.

    Args:
        node_id: A reference; up to 64 letters, digits, ``_`` and ``-`` once it is evaluated.
        product_id: The product: up to 36 letters, digits, ``_`` and ``-``, or a reference.
        device_name: A reference; the device has no name of its own by default.
        device_id: A reference; product and node id joined by ``_`` by default. The vendor's SDK knows it,
            the page of the API does not.
        tags: Tags of the device; none by default.

    Raises:
        pydantic.ValidationError: If a setting is unknown or missing.
    """

    device_name: Value = None
    device_id: Value = None
    node_id: Value
    product_id: Value
    tags: list[Tag] | tuple[Tag, ...] | None = None


class TemplateBody:
    """The body of a pre-provisioning template.

    Args:
        device: The device to register.
        policy_ids: Device policies that the device is bound to; none by default.
        parameters: Fields that every certificate has to carry; those that the device refers to by default.

    Example:
        >>> common_name = {"ref": CertificateField.COMMON_NAME}
        >>> body = TemplateBody(device=Device(node_id=common_name, product_id="642bf260f2f9030e44210d8d"))
        >>> body.document["parameters"]
        {'iotda::certificate::common_name': {'type': 'String'}}
    """

    @validate_call(config=ConfigDict(arbitrary_types_allowed=True))
    def __init__(
        self,
        *,
        device: Device,
        policy_ids: Sequence[Value] = (),
        parameters: Sequence[CertificateField] | None = None,
    ) -> None:
        resources: Document = {"device": device.document()}
        if policy_ids:
            resources["policy"] = {"policy_ids": plain(policy_ids)}
        names = _references(resources) if parameters is None else (str(name) for name in parameters)
        declared = {name: {"type": "String"} for name in names}
        self._document: Document = {"parameters": declared, "resources": resources}

    @property
    def document(self) -> Document:
        """A copy of the body as a JSON document, which may hold values that an engine knows later."""
        copy: Document = plain(self._document)
        return copy

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a body as it is: unknown keys and broken parts survive for the rules to judge.

        Raises:
            ValueError: If the text is not a JSON object, or one that is nested deeper than 64 levels.
        """
        return cls.from_document(parse_body(text))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Take a body as it is, for the rules to judge."""
        body = cls.__new__(cls)
        body._document = plain(document)
        return body

    def to_json(self) -> str:
        """The body in minified JSON.

        Raises:
            ValueError: If it holds values that only the engine knows, or none that JSON knows.
        """
        return minified(self._document)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._document == self._document

    def __hash__(self) -> int:
        return hash(repr(self._document))

    def __repr__(self) -> str:
        return f"TemplateBody.from_document({self._document!r})"


def _written(value: Any) -> Any:
    if isinstance(value, _Part):
        return value.document()
    if isinstance(value, Mapping):
        # A StrEnum is text, and JSON text has no class.
        return {key: str(inner) if isinstance(inner, str) else inner for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_written(inner) for inner in value]
    return value


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "ref" and isinstance(inner, str):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _references(inner)
