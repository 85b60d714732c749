"""The certificates that hold a device policy, revoked when the policy goes."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from .certificates import GONE, client, is_error
from .cloudformation import Failed, Outcome, Reason
from .revoking import revoke_all


def handle(event: dict[str, Any], seconds_left: Callable[[], float]) -> Outcome:
    """Do nothing until the policy goes; then revoke every certificate that holds it."""
    policy_name = event["ResourceProperties"]["PolicyName"]
    if event["RequestType"] == "Delete":
        revoke_holders(client("iot"), policy_name, seconds_left)
        return Outcome(event["PhysicalResourceId"])
    return Outcome(f"certificates-of-{policy_name}")


def revoke_holders(iot: Any, policy_name: str, seconds_left: Callable[[], float]) -> None:
    """Revoke every certificate that holds a policy.

    Raises:
        Failed: If some are left when the time is up, or AWS IoT keeps them attached.
    """
    # Detaching changes the list that is being read, so it is read whole first.
    holders = list(_holders(iot, policy_name))
    inactive, active = revoke_all(iot, holders, seconds_left)
    if left := len(inactive) + len(active):
        counts = {"number": len(holders) - left, "left": left, "inactive": len(inactive)}
        raise Failed(Reason.MORE_CERTIFICATES.format(**counts))


def _holders(iot: Any, policy_name: str) -> Iterator[str]:
    try:
        for page in iot.get_paginator("list_targets_for_policy").paginate(policyName=policy_name):
            yield from (target for target in page["targets"] if ":cert/" in target)
    except ClientError as error:
        if not is_error(error, GONE):
            raise
