"""The policy of a thing group: CloudFormation attaches policies to certificates only.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iot-policyprincipalattachment.html
"""

from collections.abc import Callable
from typing import Any

from .certificates import client, gone_is_fine
from .cloudformation import Outcome


def handle(event: dict[str, Any], _seconds_left: Callable[[], float]) -> Outcome:
    """Attach a policy to a thing group, and detach it in the end."""
    wanted = _attachment(event["ResourceProperties"])
    if event["RequestType"] == "Delete":
        _detach(wanted)
        return Outcome(event["PhysicalResourceId"])
    client("iot").attach_policy(**wanted)
    physical_id = "|".join(wanted.values())
    if event.get("PhysicalResourceId") == physical_id:
        # A replacement that was cut off is rolled back: CloudFormation knows nothing of what that made.
        before = _attachment(event["OldResourceProperties"])
        if before != wanted:
            _detach(before)
    return Outcome(physical_id)


def _attachment(properties: dict[str, Any]) -> dict[str, str]:
    return {"policyName": properties["PolicyName"], "target": properties["ThingGroupArn"]}


def _detach(attachment: dict[str, str]) -> None:
    with gone_is_fine():
        client("iot").detach_policy(**attachment)
