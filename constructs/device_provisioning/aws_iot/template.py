"""Template bodies of the three kinds that AWS IoT knows, as data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, validate_call

from .functions import CERTIFICATE_ID
from .parts import Certificate, Parameter, Policy, Thing, Value, plain
from .statements import Document
from .template_text import minified, parse_body, size_problem
from .template_type import TemplateType
from .unresolved import Unresolved

_checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))


class _Template:
    """A body: the JSON document is what it is, and nothing of it is lost."""

    template_type: ClassVar[TemplateType]

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document: Document = plain(document)

    @property
    def document(self) -> Document:
        """A copy of the body as a JSON document, which may hold values that an engine knows later."""
        copy: Document = plain(self._document)
        return copy

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a body as it is: unknown keys, unusual case and broken parts survive for the rules to judge.

        Raises:
            ValueError: If the text is not a JSON object, or one that is nested deeper than 64 levels.
        """
        return cls.from_document(parse_body(text))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Take a body as it is, for the rules to judge."""
        template = cls.__new__(cls)
        _Template.__init__(template, document)
        return template

    def to_json(self) -> str:
        """The body in minified JSON.

        Raises:
            ValueError: If it has more than 10240 characters or bytes (https://docs.aws.amazon.com/iot/latest/\
apireference/API_CreateProvisioningTemplate.html), or holds values that only the engine knows.
        """
        text = minified(self._document)
        problem = size_problem(text)
        if problem:
            raise ValueError(f"{problem}: shorten it, for example by naming a policy that exists")
        return text

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._document == self._document

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

    @_checked
    def __init__(
        self,
        *,
        parameters: Mapping[str, Parameter],
        thing: Thing | None = None,
        certificate: Certificate | None = None,
        policies: Sequence[Policy] = (),
        mappings: Mapping[str, Mapping[str, Mapping[str, Value]]] | None = None,
        device_configuration: Mapping[str, Value] | Unresolved | None = None,
    ) -> None:
        declared = {**parameters, CERTIFICATE_ID: Parameter()}
        document = _document(declared, thing, certificate or Certificate(), policies)
        if mappings:
            document["Mappings"] = mappings
        if device_configuration is not None:
            document["DeviceConfiguration"] = device_configuration
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

    @_checked
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

    @_checked
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
    names = (
        ["policy"] if len(policies) == 1 else [f"policy{number}" for number in range(1, len(policies) + 1)]
    )
    resources: Document = {"thing": thing.document()} if thing else {}
    resources["certificate"] = certificate.document()
    resources.update({name: policy.document() for name, policy in zip(names, policies, strict=True)})
    return {
        "Parameters": {name: parameter.document() for name, parameter in parameters.items()},
        "Resources": resources,
    }
