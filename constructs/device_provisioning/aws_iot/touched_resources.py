"""Which things, groups, types, billing groups and policies a template body can touch."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .limits import THING_NAME, TextLimit
from .unresolved import is_unresolved

ANY = "*"
_PREFIX = TextLimit(THING_NAME.allowed, THING_NAME.longest, shortest=0)
_FILLED_IN = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True)
class TouchedResources:
    """Name patterns, ``*`` standing for what only the device or the hook decides.

    Args:
        things: Patterns of thing names.
        thing_groups: Patterns of thing group names.
        thing_types: Patterns of thing type names.
        billing_groups: Patterns of billing group names.
        policies: Patterns of names of existing policies.
        creates_policies: Whether the body holds a policy document, so that a policy is made.
        replaces_thing_groups: Whether an existing thing leaves groups that the body does not name.
        brings_certificates: Whether certificates are registered from a PEM or a CSR rather than by id.
    """

    things: tuple[str, ...] = ()
    thing_groups: tuple[str, ...] = ()
    thing_types: tuple[str, ...] = ()
    billing_groups: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    creates_policies: bool = False
    replaces_thing_groups: bool = False
    brings_certificates: bool = False


def touched_resources(document: Mapping[str, Any]) -> TouchedResources:
    """Find what a template body touches, as narrowly as the body shows it.

    Args:
        document: The template body as a JSON document.

    Example:
        >>> body = {"Resources": {"thing": {"Type": "AWS::IoT::Thing", "Properties": {
        ...     "ThingName": {"Fn::Join": ["", ["pump-", {"Ref": "SerialNumber"}]]}}}}}
        >>> touched_resources(body).things
        ('pump-*',)
    """
    mappings = _mapping(document.get("Mappings"))
    things = _properties(document, "AWS::IoT::Thing")
    certificates = _properties(document, "AWS::IoT::Certificate")
    policies = _properties(document, "AWS::IoT::Policy")

    def patterns(resources: list[Mapping[str, Any]], name: str) -> tuple[str, ...]:
        values = (value for resource in resources for value in _values(resource.get(name)))
        return _narrowest(pattern for value in values for pattern in name_patterns(value, mappings))

    return TouchedResources(
        things=patterns(things, "ThingName"),
        thing_groups=patterns(things, "ThingGroups"),
        thing_types=patterns(things, "ThingTypeName"),
        billing_groups=patterns(things, "BillingGroup"),
        policies=patterns(policies, "PolicyName"),
        creates_policies=any("PolicyDocument" in policy for policy in policies),
        replaces_thing_groups=_override(document, "ThingGroups") == "REPLACE",
        brings_certificates=any("CertificateId" not in certificate for certificate in certificates),
    )


def within_prefix(touched: TouchedResources, thing_name_prefix: str) -> TouchedResources:
    """The same, with those things only whose names begin with a prefix.

    Args:
        touched: What a body can touch.
        thing_name_prefix: What the names of things begin with; an empty one narrows nothing.

    Raises:
        ValueError: If the prefix can't begin the name of a thing, or no thing of the body begins with it.

    Example:
        >>> within_prefix(TouchedResources(things=("*",)), "pump-").things
        ('pump-*',)
    """
    if not is_unresolved(thing_name_prefix) and (problem := _PREFIX.problem(thing_name_prefix)):
        raise ValueError(f"thing_name_prefix {thing_name_prefix!r} {problem}")
    return replace(touched, things=_narrowest(_prefixed(name, thing_name_prefix) for name in touched.things))


def _prefixed(pattern: str, prefix: str) -> str:
    fixed, wildcard, _ = pattern.partition(ANY)
    if is_unresolved(pattern) or is_unresolved(prefix):
        return f"{prefix}{ANY}"
    if fixed.startswith(prefix):
        return pattern
    if wildcard and prefix.startswith(fixed):
        return f"{prefix}{ANY}"
    raise ValueError(
        f"thing_name_prefix is {prefix!r}, and the body names its thing {pattern!r}: give a prefix that its"
        " names begin with, or leave it out"
    )


def name_patterns(value: Any, mappings: Mapping[str, Any]) -> tuple[str, ...]:
    """Every name that a value can become, with ``*`` for what is not known before a device asks."""
    if isinstance(value, str):
        return (value,)
    if not (isinstance(value, Mapping) and len(value) == 1):
        return (ANY,)
    function, argument = next(iter(value.items()))
    match function, argument:
        case "Fn::Join", [str() as delimiter, list() as parts]:
            return (_joined(delimiter, parts),)
        case "Fn::Sub", str():
            return (_substituted(argument),)
        case "Fn::FindInMap", [str() as name, _, str() as key] if name in mappings:
            return _looked_up(_mapping(mappings[name]), key)
        case _:
            return (ANY,)


def _joined(delimiter: str, parts: list[Any]) -> str:
    return delimiter.join(part if isinstance(part, str) else ANY for part in parts)


def _substituted(text: str) -> str:
    return _FILLED_IN.sub(lambda found: found[0] if is_unresolved(found[0]) else ANY, text)


def _looked_up(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = [row[key] for row in table.values() if isinstance(row, Mapping) and isinstance(row.get(key), str)]
    return tuple(found) or (ANY,)


def _narrowest(patterns: Iterable[str]) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(patterns))
    return (ANY,) if ANY in unique else unique


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _resources(document: Mapping[str, Any], resource_type: str) -> list[Mapping[str, Any]]:
    resources = _mapping(document.get("Resources")).values()
    return [entry for entry in resources if _mapping(entry).get("Type") == resource_type]


def _properties(document: Mapping[str, Any], resource_type: str) -> list[Mapping[str, Any]]:
    return [_mapping(entry.get("Properties")) for entry in _resources(document, resource_type)]


def _override(document: Mapping[str, Any], setting: str) -> Any:
    overrides = [_mapping(e.get("OverrideSettings")) for e in _resources(document, "AWS::IoT::Thing")]
    return next((entry[setting] for entry in overrides if setting in entry), None)
