"""Intrinsic functions of provisioning templates, as the JSON that they are.

https://docs.aws.amazon.com/iot/latest/developerguide/intrinsic-functions.html (shown for fleet templates;
whether JITP and bulk templates take anything but ``Ref`` is not documented)
"""

from collections.abc import Sequence
from typing import Any

Function = dict[str, Any]

CERTIFICATE_ID = "AWS::IoT::Certificate::Id"


def ref(parameter: str) -> Function:
    """The value of a parameter.

    Args:
        parameter: Its name.

    Example:
        >>> ref("SerialNumber")
        {'Ref': 'SerialNumber'}
    """
    return {"Ref": parameter}


def join(delimiter: str, values: Sequence[Any]) -> Function:
    """Values put together. AWS IoT does not support it inside policies.

    Args:
        delimiter: What stands between them.
        values: The values, texts or functions.

    Example:
        >>> join("-", ["sensor", ref("SerialNumber")])
        {'Fn::Join': ['-', ['sensor', {'Ref': 'SerialNumber'}]]}
    """
    return {"Fn::Join": [delimiter, list(values)]}


def select(index: int, values: Any) -> Function:
    """One value of a list, counted from 0. An index out of range ends a device's registration.

    Args:
        index: Which one.
        values: The list, or a function that makes one, such as ``split``.

    Example:
        >>> select(1, split("-", ref("SerialNumber")))
        {'Fn::Select': ['1', {'Fn::Split': ['-', {'Ref': 'SerialNumber'}]}]}
    """
    return {"Fn::Select": [str(index), values if isinstance(values, dict) else list(values)]}


def split(delimiter: str, value: Any) -> Function:
    """A text cut into a list, for use inside ``select``.

    Args:
        delimiter: Where it is cut.
        value: The text, or a function that makes one.

    Example:
        >>> split(",", "a,b")
        {'Fn::Split': [',', 'a,b']}
    """
    return {"Fn::Split": [delimiter, value]}


def find_in_map(mapping: str, top_key: Any, second_key: Any) -> Function:
    """A value of the template's mappings. A key that is not there ends a device's registration.

    Args:
        mapping: The name of the map.
        top_key: The key in the map, a text or a function.
        second_key: The key below it, a text or a function.

    Example:
        >>> find_in_map("Sites", ref("Site"), "Broker")
        {'Fn::FindInMap': ['Sites', {'Ref': 'Site'}, 'Broker']}
    """
    return {"Fn::FindInMap": [mapping, top_key, second_key]}


def sub(text: str) -> Function:
    """A text with ``${Parameter}`` replaced.

    Args:
        text: The text; ``${!Parameter}`` stands for ``${Parameter}`` itself, which AWS does not document.

    Example:
        >>> sub("sensor-${SerialNumber}")
        {'Fn::Sub': 'sensor-${SerialNumber}'}
    """
    return {"Fn::Sub": text}
