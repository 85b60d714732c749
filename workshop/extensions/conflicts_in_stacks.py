"""CloudFormation tries again when a policy or a certificate is still attached; MiniStack gives up at once.

AWS's own handlers report DeleteConflictException as ResourceConflict, which is a code that is tried again.
How often is documented nowhere, so that what stays attached fails here as soon as that is clear.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot
"""

from collections.abc import Callable
from typing import Any

from .eventual_detaching import MOST_QUESTIONS

TYPES = ("AWS::IoT::Certificate", "AWS::IoT::Policy")


def install(_iot: Any) -> None:
    """Try to delete what may still be attached as often as that can help."""
    from ministack.services.cloudformation import provisioners

    for name in TYPES:
        handlers = provisioners._RESOURCE_HANDLERS[name]
        provisioners._RESOURCE_HANDLERS[name] = {**handlers, "delete": _persistently(handlers["delete"])}


def _persistently(delete: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    def delete_persistently(physical_id: str, properties: Any) -> None:
        for _ in range(MOST_QUESTIONS):
            try:
                return delete(physical_id, properties)
            except ValueError:
                continue
        return delete(physical_id, properties)

    return delete_persistently
