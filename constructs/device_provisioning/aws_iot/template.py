"""Template bodies of the three kinds that AWS IoT knows, as data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from .functions import CERTIFICATE_ID
from .parts import Certificate, Parameter, Policy, Thing, Value
from .statements import Document
from .template_type import TemplateType

MAX_BODY = 10240


class _Template:
    """A body: the JSON document is what it is, and nothing of it is lost."""

    template_type: ClassVar[TemplateType]

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)

    @property
    def document(self) -> Document:
        """The body as a JSON document, which may hold values that an engine knows later."""
        return self._document

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a body as it is: unknown keys, unusual case and broken parts survive for the rules to judge.

        Raises:
            ValueError: If the text is no JSON object.
        """
        document = json.loads(text)
        if not isinstance(document, dict):
            raise ValueError(f"the body is a JSON {type(document).__name__}: give a JSON object")  # noqa: TRY004
        return cls.from_document(document)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Take a body as it is, for the rules to judge."""
        template = cls.__new__(cls)
        _Template.__init__(template, document)
        return template

    def to_json(self) -> str:
        """The body in minified JSON.

        Raises:
            ValueError: If it is over 10240 characters or bytes: the API counts characters
                (https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html),
                the quota kilobytes (https://docs.aws.amazon.com/general/latest/gr/iot-core.html).
        """
        text = json.dumps(self._document, separators=(",", ":"), ensure_ascii=False)
        size = len(text.encode())
        if size > MAX_BODY:
            raise ValueError(
                f"the body has {len(text)} characters and {size} bytes: AWS IoT takes {MAX_BODY} of each, so"
                " shorten it, for example by naming a policy instead of holding its document"
            )
        return text

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.document == self.document

    def __hash__(self) -> int:
        return hash(json.dumps(self._document, sort_keys=True, default=str))

    def __repr__(self) -> str:
        return f"{type(self).__name__}.from_document({self._document!r})"


class FleetTemplate(_Template):
    """The body of a fleet provisioning template.

    ``AWS::IoT::Certificate::Id`` is always declared.

    Args:
        parameters: What a device or the hook supplies, by name.
        thing: The thing; a template without one is possible, and a device then gets no thing name.
        certificate: The device's certificate.
        policies: The policies of the certificate, at most 10.
        mappings: Tables for ``find_in_map``; none by default.
        device_configuration: What a device gets with the answer, a flat map; nothing by default.

    Example:
        >>> from device_provisioning.aws_iot import Certificate, Parameter, Policy, Thing, ref
        >>> body = FleetTemplate(
        ...     parameters={"SerialNumber": Parameter()},
        ...     thing=Thing(thing_name=ref("SerialNumber")),
        ...     certificate=Certificate(),
        ...     policies=[Policy(policy_name="sensor")],
        ... )
        >>> sorted(body.document["Parameters"])
        ['AWS::IoT::Certificate::Id', 'SerialNumber']
    """

    template_type = TemplateType.FLEET_PROVISIONING

    def __init__(
        self,
        *,
        parameters: Mapping[str, Parameter],
        thing: Thing | None = None,
        certificate: Certificate | None = None,
        policies: Sequence[Policy] = (),
        mappings: Mapping[str, Mapping[str, Mapping[str, Value]]] | None = None,
        device_configuration: Mapping[str, Value] | None = None,
    ) -> None:
        declared = {**parameters, CERTIFICATE_ID: Parameter()}
        document = _document(declared, thing, certificate or Certificate(), policies)
        if mappings:
            document["Mappings"] = dict(mappings)
        if device_configuration:
            document["DeviceConfiguration"] = dict(device_configuration)
        super().__init__(document)


class JitpTemplate(_Template):
    """The body of a just-in-time provisioning template: its parameters are the certificate's subject.

    ``AWS::IoT::Certificate::Id`` is always declared.

    Args:
        parameters: Reserved parameters such as ``AWS::IoT::Certificate::CommonName``. A device whose
            certificate lacks one that is declared can't be provisioned.
        thing: The thing.
        certificate: The device's certificate.
        policies: The policies of the certificate, at most 10.
    """

    template_type = TemplateType.JITP

    def __init__(
        self,
        *,
        parameters: Mapping[str, Parameter],
        thing: Thing | None = None,
        certificate: Certificate | None = None,
        policies: Sequence[Policy] = (),
    ) -> None:
        declared = {**parameters, CERTIFICATE_ID: Parameter()}
        super().__init__(_document(declared, thing, certificate or Certificate(), policies))


class BulkTemplate(_Template):
    """The body of a bulk registration: a line of parameters a device.

    Args:
        parameters: What each line supplies, by name.
        certificate: By CSR, by PEM or by id.
        thing: The thing.
        policies: The policies of the certificate, at most 10.
    """

    template_type = TemplateType.BULK

    def __init__(
        self,
        *,
        parameters: Mapping[str, Parameter],
        certificate: Certificate,
        thing: Thing | None = None,
        policies: Sequence[Policy] = (),
    ) -> None:
        super().__init__(_document(parameters, thing, certificate, policies))


def _document(
    parameters: Mapping[str, Parameter],
    thing: Thing | None,
    certificate: Certificate,
    policies: Sequence[Policy],
) -> Document:
    names = ["policy"] if len(policies) == 1 else [f"policy{number}" for number in range(1, len(policies) + 1)]
    resources: Document = {"thing": thing.document()} if thing else {}
    resources["certificate"] = certificate.document()
    resources.update({name: policy.document() for name, policy in zip(names, policies, strict=True)})
    return {
        "Parameters": {name: parameter.document() for name, parameter in parameters.items()},
        "Resources": resources,
    }
