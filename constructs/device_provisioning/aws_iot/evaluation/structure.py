"""What a body has to look like before it can be evaluated for any device."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..json_pointer import escaped
from ..template_text import is_too_deep

THING, CERTIFICATE, POLICY = "AWS::IoT::Thing", "AWS::IoT::Certificate", "AWS::IoT::Policy"
_SECTIONS = ("Parameters", "Mappings", "Resources", "DeviceConfiguration")


def section(document: Mapping[str, Any], name: str) -> Any:
    """A part of a body that may be left out, or be null, which is the same."""
    value = document.get(name)
    return {} if value is None else value


def problems(document: Any) -> list[str]:
    """Everything that keeps a body from being evaluated."""
    if not isinstance(document, Mapping):
        return [f"the body is a {type(document).__name__}: give a JSON object"]
    if is_too_deep(document):
        return ["the body is nested too deep: make it flat"]
    wrong_sections = [
        _not_an_object(f"/{name}", document[name])
        for name in _SECTIONS
        if not isinstance(section(document, name), Mapping)
    ]
    if wrong_sections:
        return wrong_sections
    return [*_parameter_problems(document), *_resource_problems(document), *_number_problems(document)]


def of_type(document: Mapping[str, Any], resource_type: str) -> list[str]:
    """The names of the resources of a type."""
    return [
        name
        for name, each in section(document, "Resources").items()
        if isinstance(each, Mapping) and each.get("Type") == resource_type
    ]


def _parameter_problems(document: Mapping[str, Any]) -> Iterator[str]:
    for name, parameter in section(document, "Parameters").items():
        if not isinstance(parameter, Mapping):
            yield _not_an_object(f"/Parameters/{escaped(name)}", parameter)


def _resource_problems(document: Mapping[str, Any]) -> Iterator[str]:
    for name, resource in section(document, "Resources").items():
        path = f"/Resources/{escaped(name)}"
        if not isinstance(resource, Mapping):
            yield _not_an_object(path, resource)
            continue
        if not isinstance(resource.get("Properties"), Mapping):
            yield _not_an_object(f"{path}/Properties", resource.get("Properties"))
            continue
        if not isinstance(section(resource, "OverrideSettings"), Mapping):
            yield _not_an_object(f"{path}/OverrideSettings", resource["OverrideSettings"])
        attributes = resource["Properties"].get("AttributePayload")
        if resource.get("Type") == THING and not isinstance(attributes, Mapping | None):
            yield _not_an_object(f"{path}/Properties/AttributePayload", attributes)


def _number_problems(document: Mapping[str, Any]) -> Iterator[str]:
    certificates, things = len(of_type(document, CERTIFICATE)), len(of_type(document, THING))
    if certificates != 1:
        yield f"/Resources has {certificates} resources of type {CERTIFICATE}: give one"
    if things > 1:
        yield f"/Resources has {things} resources of type {THING}: give one, or none"


def _not_an_object(path: str, value: Any) -> str:
    return f"{path} is {'missing' if value is None else 'a ' + type(value).__name__}: give an object"
