"""Objects as JSON lines."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json


def json_line(record: Mapping[str, Any]) -> bytes:
    r"""An object as a line in UTF-8; what is not a number in JSON becomes null.

    Example:
        >>> json_line({"thingName": "A-1"})
        b'{"thingName":"A-1"}\n'
    """
    try:
        return to_json(record, inf_nan_mode="null") + b"\n"
    except ValueError:
        # Half a character (a lone surrogate) has an escape in JSON and no bytes in UTF-8.
        return json.dumps(record, separators=(",", ":")).encode() + b"\n"
