"""The algorithm of a MAC is known to the conditions of policies.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-mac-algorithm
"""

import json
from typing import Any

_ALGORITHM = "MacAlgorithm"


def install(_iot: Any) -> None:
    """Let MiniStack tell IAM the algorithm that a request of AWS KMS names."""
    from ministack.core import iam_actions

    known = iam_actions.request_tag_context

    def context(service: str, action: str, body: bytes, *more: Any) -> dict[str, Any]:
        found: dict[str, Any] = known(service, action, body, *more)
        if service != "kms":
            return found
        request = json.loads(body or b"{}")
        named = {f"kms:{_ALGORITHM}": request[_ALGORITHM]} if _ALGORITHM in request else {}
        return {**found, **named}

    iam_actions.request_tag_context = context
