"""A JSON Schema of template bodies, for editors: what the rules know that a schema can say.

It says less than the rules: what depends on two places of a body, such as a reference and its declaration, is
for ``check``.
"""

from collections.abc import Mapping
from typing import Any

from .functions import CERTIFICATE_ID
from .limits import (
    ATTRIBUTE_NAME,
    ATTRIBUTE_VALUE,
    BILLING_GROUP_NAME,
    MAX_ATTRIBUTES,
    MAX_THING_GROUPS,
    POLICY_NAME,
    THING_GROUP_NAME,
    THING_NAME,
    THING_TYPE_NAME,
    TextLimit,
)
from .rules.body import CERTIFICATE, POLICY, THING
from .rules.certificate_rules import METHODS, PRINCIPAL_TYPES
from .rules.override_rules import OVERRIDES
from .rules.parameter_rules import RESERVED
from .template_type import TemplateType

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_GUIDE = "https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html"
# AWS's own examples write Active.
_STATUS = {"type": "string", "pattern": "^([Ii][Nn])?[Aa][Cc][Tt][Ii][Vv][Ee]$"}
_TITLES = {
    TemplateType.FLEET_PROVISIONING: "Body of an AWS IoT fleet provisioning template",
    TemplateType.JITP: "Body of an AWS IoT just-in-time provisioning template",
    TemplateType.BULK: "Body of an AWS IoT bulk registration",
}


def body_schema(template_type: TemplateType) -> Schema:
    """The JSON Schema (draft 2020-12) of bodies of one type.

    Example:
        >>> from device_provisioning.aws_iot import TemplateType
        >>> sorted(body_schema(TemplateType.JITP)["properties"])
        ['Parameters', 'Resources']
    """
    is_fleet = template_type is TemplateType.FLEET_PROVISIONING
    sections: Schema = {"Parameters": _parameters(template_type), "Resources": _resources(template_type)}
    if is_fleet:
        sections["Mappings"] = _map(_map(_map({"not": _function_reference()})))
        sections["DeviceConfiguration"] = _described(
            _map(_value()), "What a device gets with the answer: a flat map of strings and functions."
        )
    return {
        "$schema": DIALECT,
        "title": _TITLES[template_type],
        "description": _GUIDE,
        "type": "object",
        "properties": sections,
        "required": ["Resources"],
        "additionalProperties": False,
        "$defs": {"function": _function(all_of_them=is_fleet)},
    }


def _parameters(template_type: TemplateType) -> Schema:
    parameter = _object({"Type": {"const": "String"}, "Default": {"type": "string"}}, required=["Type"])
    if template_type is TemplateType.JITP:
        return _object(dict.fromkeys(RESERVED, parameter))
    known = {"properties": {CERTIFICATE_ID: parameter}} if template_type is not TemplateType.BULK else {}
    return {**_map(parameter), **known}


def _resources(template_type: TemplateType) -> Schema:
    properties = {
        THING: _thing(),
        CERTIFICATE: _certificate(template_type),
        POLICY: _policy(template_type),
    }
    entry = _object(
        {"Type": {"enum": list(properties)}, "Properties": {"type": "object"}, "OverrideSettings": {}},
        required=["Type", "Properties"],
    )
    branches = [
        {
            "if": {"properties": {"Type": {"const": resource_type}}, "required": ["Type"]},
            "then": {"properties": {"Properties": schema, "OverrideSettings": _overrides(resource_type)}},
        }
        for resource_type, schema in properties.items()
    ]
    return {**_map({**entry, "allOf": branches}), "minProperties": 1}


def _thing() -> Schema:
    attributes = {
        **_map(_value(ATTRIBUTE_VALUE)),
        "propertyNames": _text(ATTRIBUTE_NAME),
        "maxProperties": MAX_ATTRIBUTES,
    }
    groups = {
        "type": "array",
        "items": _value(THING_GROUP_NAME),
        "uniqueItems": True,
        "maxItems": MAX_THING_GROUPS,
    }
    return _object(
        {
            "ThingName": _value(THING_NAME),
            "AttributePayload": _described(attributes, "A flat map; without a thing type at most 3."),
            "ThingTypeName": _described(_value(THING_TYPE_NAME), "A thing type, which has to exist."),
            "ThingGroups": _described(groups, "Static thing groups, which have to exist."),
            "BillingGroup": _described(_value(BILLING_GROUP_NAME), "A billing group, which has to exist."),
            "PackageVersions": _described({}, "The encoding is not documented."),
        },
        required=["ThingName"],
    )


def _certificate(template_type: TemplateType) -> Schema:
    common = {
        "Status": _described({"anyOf": [{"enum": ["ACTIVE", "INACTIVE"]}, _STATUS]}, "ACTIVE by default."),
        "ThingPrincipalType": {"enum": list(PRINCIPAL_TYPES)},
    }
    if template_type is not TemplateType.BULK:
        own = {"type": "object", "const": {"Ref": CERTIFICATE_ID}}
        return _object({"CertificateId": own, **common}, required=["CertificateId"])
    given = {name: _value() for name in (*METHODS, "CACertificatePem")}
    return {
        **_object({**given, **common}),
        "oneOf": [{"required": [name]} for name in METHODS],
        "dependentRequired": {"CACertificatePem": ["CertificatePem"]},
    }


def _policy(template_type: TemplateType) -> Schema:
    text = {"type": "string", "contentMediaType": "application/json"}
    is_fleet = template_type is TemplateType.FLEET_PROVISIONING
    document = {"anyOf": [text, {"type": "object"}]} if is_fleet else {"anyOf": [text, _function_reference()]}
    return {
        **_object({"PolicyName": _value(POLICY_NAME), "PolicyDocument": document}),
        "oneOf": [{"required": ["PolicyName"]}, {"required": ["PolicyDocument"]}],
    }


def _overrides(resource_type: str) -> Schema:
    return _object({name: {"enum": list(values)} for name, values in OVERRIDES[resource_type].items()})


def _function(*, all_of_them: bool) -> Schema:
    value = _value()
    values = {"anyOf": [{"type": "array", "items": value}, _function_reference()]}
    arguments: Mapping[str, Schema] = {
        "Ref": {"type": "string"},
        "Fn::Join": _tuple({"type": "string"}, values),
        "Fn::Select": _tuple({"anyOf": [{"type": ["string", "integer"]}, _function_reference()]}, values),
        "Fn::Split": _tuple({"type": "string", "minLength": 1}, value),
        "Fn::FindInMap": _tuple(value, value, value),
        "Fn::Sub": {"anyOf": [{"type": "string"}, _tuple({"type": "string"}, _map(value))]},
    }
    known = arguments if all_of_them else {"Ref": arguments["Ref"]}
    forms = [_object({name: argument}, required=[name]) for name, argument in known.items()]
    return {"oneOf": forms, "type": "object"}


def _value(limit: TextLimit | None = None) -> Schema:
    return {"anyOf": [_text(limit) if limit else {"type": "string"}, _function_reference()]}


def _text(limit: TextLimit) -> Schema:
    return {"type": "string", "pattern": limit.pattern}


def _function_reference() -> Schema:
    return {"$ref": "#/$defs/function"}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    known = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**known, "required": required} if required else known


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _tuple(*items: Schema) -> Schema:
    return {"type": "array", "prefixItems": list(items), "minItems": len(items), "maxItems": len(items)}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}
