"""Documents as JSON."""

import json
from typing import Any

from constructs import IConstruct

from ..aws_iot.unresolved import unresolved_paths
from .places import place_of


def json_of(scope: IConstruct, document: Any) -> str:
    """A document as JSON, whether or not parts of it are known only when it is deployed.

    Args:
        scope: What it is for.
        document: The document.
    """
    if any(unresolved_paths(document)):
        return place_of(scope).stack.to_json_string(document)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
