"""Devices that a hook denied, by the reasons in its log."""

import json
from collections import Counter
from collections.abc import Mapping

from ..console.aws_calls import AwsCalls

DENIED = '{ $.decision = "denied" }'
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"""


def denials(log_group: str, since: int) -> Mapping[str, int]:
    """How often a hook denied a device, by its reasons, the most frequent first.

    Args:
        log_group: The log group of the hook.
        since: The second since 1970 from which its lines count.

    Raises:
        UnreadableError: If AWS refuses or can't be reached.
    """
    calls = AwsCalls(log_group, "logs")
    events = calls.each(
        "filter_log_events", "events", logGroupName=log_group, startTime=since * 1000, filterPattern=DENIED
    )
    reasons = Counter(reason for event in events if (reason := _reason(event["message"])))
    return dict(reasons.most_common())


def _reason(message: str) -> str | None:
    try:
        line = json.loads(message)
    except ValueError:
        return None
    return str(line.get("reason")) if isinstance(line, dict) and line.get("decision") == "denied" else None
