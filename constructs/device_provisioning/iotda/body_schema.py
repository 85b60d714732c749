"""A JSON Schema of pre-provisioning template bodies, for editors."""

from typing import Any

from ..aws_iot.body_schema import DIALECT
from ..aws_iot.limits import TextLimit
from .certificate_field import CertificateField
from .limits import POLICY_ID, PRODUCT_ID, TAG_KEY, TAG_VALUE

Schema = dict[str, Any]
_REFERENCE = {"$ref": "#/$defs/reference"}


def body_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a ``template_body``.

    Example:
        >>> body_schema()["properties"]["resources"]["required"]
        ['device']
    """
    fields = [str(field) for field in CertificateField]
    declared = _object({"type": {"const": "String"}}, ["type"])
    resources = {
        "device": _device(),
        "policy": _object({"policy_ids": {"type": "array", "items": _text(POLICY_ID)}}, ["policy_ids"]),
    }
    return {
        "$schema": DIALECT,
        "title": "Body of a pre-provisioning template of Huawei Cloud IoTDA",
        "description": "https://support.huaweicloud.com/intl/en-us/api-iothub/CreateProvisioningTemplate.html",
        **_object(
            {
                "parameters": _object(dict.fromkeys(fields, declared)),
                "resources": _object(resources, ["device"]),
            },
            ["resources"],
        ),
        "$defs": {"reference": _object({"ref": {"enum": fields}}, ["ref"])},
    }


def _device() -> Schema:
    tag = _object({"tag_key": _value(TAG_KEY), "tag_value": _value(TAG_VALUE)}, ["tag_key", "tag_value"])
    return _object(
        {
            "device_name": _REFERENCE,
            "device_id": {**_REFERENCE, "description": "Known to the vendor's SDK, not to the API's page."},
            "node_id": _REFERENCE,
            "product_id": _value(PRODUCT_ID),
            "tags": {"type": "array", "items": tag},
        },
        ["node_id", "product_id"],
    )


def _value(limit: TextLimit) -> Schema:
    return {"anyOf": [_text(limit), _REFERENCE]}


def _text(limit: TextLimit) -> Schema:
    return {"type": "string", "pattern": limit.pattern}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    known = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**known, "required": required} if required else known
