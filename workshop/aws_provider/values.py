"""Pulumi's wire format, as far as a provider has to read and write it."""

import json
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from .resource_type import Properties, ResourceType

SIGNATURE = rpc._special_sig_key
UNKNOWN = rpc.UNKNOWN


def properties_of(struct: struct_pb2.Struct) -> Properties:
    """A message as plain data: whole numbers as ``int``."""
    plain: Properties = _whole_numbers(json_format.MessageToDict(struct))
    return {name: value for name, value in plain.items() if value is not None and not name.startswith("__")}


def struct_of(properties: Properties) -> struct_pb2.Struct:
    """Plain data as a message."""
    return json_format.ParseDict(properties, struct_pb2.Struct())


def comparable(value: Any) -> Any:
    """A value in which assets are what their content is: where a file lies makes no difference."""
    match value:
        case {"hash": str() as content} if SIGNATURE in value:
            return content
        case dict():
            return {name: comparable(inner) for name, inner in value.items()}
        case list():
            return [comparable(inner) for inner in value]
        case _:
            return value


def document_of(kind: ResourceType, name: str, value: Any) -> Any:
    """The document that an input of a type is; the input itself if it is none, or not known yet."""
    if name not in kind.documents or not isinstance(value, str) or value == UNKNOWN:
        return value
    return json.loads(value)


def _whole_numbers(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _whole_numbers(inner) for name, inner in value.items()}
        case list():
            return [_whole_numbers(inner) for inner in value]
        case _:
            return value
