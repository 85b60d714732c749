"""A CloudFormation template: its resources, and its values as far as they are known before deployment.

What is not known becomes a token like those of the CDK, the same token for the same expression, so that texts
that contain it can still be compared.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ..aws_iot.rules.body import Located
from ..aws_iot.rules.policy_rules import document_of
from ..aws_iot.rules.statements import as_list

TEMPLATE = "AWS::IoT::ProvisioningTemplate"
AUTHORITY = "AWS::IoT::CACertificate"
NAME_PROPERTIES = {
    TEMPLATE: "TemplateName",
    "AWS::IoT::ThingGroup": "ThingGroupName",
    "AWS::IoT::ThingType": "ThingTypeName",
    "AWS::IoT::BillingGroup": "BillingGroupName",
    "AWS::IoT::Policy": "PolicyName",
}
VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def is_expression(value: Any) -> bool:
    """Whether a value is an intrinsic function of CloudFormation."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = next(iter(value))
    return isinstance(name, str) and (name in ("Ref", "Condition") or name.startswith("Fn::"))


class StackValues:
    """The resources of a CloudFormation template.

    Args:
        document: The template, parsed.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.root = Located("", document)
        self._being_named: set[str] = set()

    def resources(self, *types: str) -> Iterator[tuple[str, Located]]:
        """The logical id and the place of every resource of these types."""
        for logical_id, place in (self.root / "Resources").items():
            if (place / "Type").value in types:
                yield logical_id, place

    def resource(self, logical_id: str | None, *types: str) -> Located | None:
        """A resource, if it is one of these types."""
        place = self.root / "Resources" / (logical_id or "")
        return place if (place / "Type").value in types else None

    def name(self, logical_id: str) -> str:
        """The name that a resource has once it is deployed: given, or a token."""
        place = self.root / "Resources" / logical_id
        kind = (place / "Type").value
        given = place / "Properties" / NAME_PROPERTIES.get(kind, "") if isinstance(kind, str) else None
        if given is None or given.value is None or logical_id in self._being_named:
            return token(logical_id)
        self._being_named.add(logical_id)
        try:
            name = self.resolve(given.value)
        finally:
            self._being_named.discard(logical_id)
        return name if isinstance(name, str) else token(logical_id)

    def resolve(self, value: Any) -> Any:
        """A value with every expression replaced by its text or by a token; ``None`` for none at all."""
        if is_expression(value):
            name, argument = next(iter(value.items()))
            return self._expression(name, argument)
        if isinstance(value, Mapping):
            entries = {str(key): self.resolve(inner) for key, inner in value.items()}
            return {key: inner for key, inner in entries.items() if inner is not None}
        if isinstance(value, list):
            return [inner for inner in map(self.resolve, value) if inner is not None]
        return value

    def document(self, place: Located) -> Any:
        """A policy document, whichever way it is written; what is there where it can't be read."""
        resolved = self.resolve(place.value)
        read = document_of(Located(place.path, resolved))
        return resolved if read is None else read

    def _expression(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Ref", "AWS::NoValue":
                return None
            case "Ref", str():
                return self.name(argument)
            case "Fn::GetAtt", str() | [str(), str()]:
                return self._attribute(argument if isinstance(argument, str) else ".".join(argument))
            case "Fn::Sub", str() | [str(), Mapping()]:
                return self._substituted(argument)
            case "Fn::Join", [str(), list()] if all(isinstance(p, str) for p in self.resolve(argument[1])):
                return argument[0].join(self.resolve(argument[1]))
            case "Fn::ToJsonString", Mapping():
                return json.dumps(self.resolve(argument), default=str)
            case _:
                return token(
                    f"{name}.{zlib.crc32(json.dumps(argument, sort_keys=True, default=str).encode())}"
                )

    def _attribute(self, path: str) -> str:
        logical_id, _, attribute = path.partition(".")
        if attribute == "TemplateArn" and self.resource(logical_id, TEMPLATE):
            place = ":".join(token(f"AWS::{part}") for part in ("Region", "AccountId"))
            return f"arn:{token('AWS::Partition')}:iot:{place}:provisioningtemplate/{self.name(logical_id)}"
        return token(path)

    def _substituted(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def value(match: re.Match[str]) -> str:
            name = match[1].strip()
            found = self.resolve(own[name]) if name in own else self._variable(name)
            return found if isinstance(found, str) else token(name)

        return VARIABLE.sub(value, text).replace("${!", "${")

    def _variable(self, name: str) -> str:
        return self._attribute(name) if "." in name else self.name(name)

    def referenced(self, value: Any) -> str | None:
        """The logical id of the one resource that an expression names, such as a role by its ARN."""
        names = [
            name for name in _references(value) if isinstance((self.root / "Resources" / name).value, Mapping)
        ]
        return names[0] if len(names) == 1 else None

    def waits_for(self, logical_id: str, other: str) -> bool:
        """Whether a resource is created after another one, by a reference or by ``DependsOn``."""
        reached, waiting = {logical_id}, [logical_id]
        while waiting:
            for name in self._order.get(waiting.pop(), ()):
                if name not in reached:
                    reached.add(name)
                    waiting.append(name)
        return other in reached

    @cached_property
    def _order(self) -> Mapping[str, set[str]]:
        return {
            logical_id: {
                *_references((place / "Properties").value),
                *(name for name in as_list((place / "DependsOn").value) if isinstance(name, str)),
            }
            for logical_id, place in (self.root / "Resources").items()
        }


def token(name: str) -> str:
    """The placeholder of a value that is not known."""
    return f"${{Token[{_UNSAFE.sub('.', name)}]}}"


def substitutions(place: Located) -> Iterator[tuple[str, str]]:
    """The place and the text of every ``Fn::Sub``."""
    for name, inner in place.items():
        text = (inner / 0).value if isinstance(inner.value, list) else inner.value
        if name == "Fn::Sub" and isinstance(text, str):
            yield inner.path, text
    for inner in place.inner():
        yield from substitutions(inner)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, argument in value.items():
            yield from _named(key, argument)
            yield from _references(argument)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _named(function: str, argument: Any) -> Iterator[str]:
    match function, argument:
        case "Ref", str():
            yield argument
        case "Fn::GetAtt", str():
            yield argument.partition(".")[0]
        case "Fn::GetAtt", [str() as name, *_]:
            yield name
        case "Fn::Sub", str() as text:
            yield from (name.strip().partition(".")[0] for name in VARIABLE.findall(text))
        case "Fn::Sub", [str() as text, *_]:
            yield from (name.strip().partition(".")[0] for name in VARIABLE.findall(text))
