"""CloudFormation's protocol for custom resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

LONGEST_REASON = 1000
ATTEMPTS = 5
SECONDS_TO_ANSWER = 15


@dataclass(frozen=True)
class Outcome:
    """A resource as it is after an event: its physical id, and what a template may read of it."""

    physical_id: str
    data: Mapping[str, str] = field(default_factory=dict)


class Failed(Exception):  # noqa: N818  # what CloudFormation calls it
    """The event can't be carried out; the message tells the user what to do and holds no secret."""


Handler = Callable[[dict[str, Any], Callable[[], float]], Outcome]


def respond(event: dict[str, Any], context: Any, handle: Handler) -> None:
    """Carry out an event and tell CloudFormation, whatever happens.

    Args:
        event: CloudFormation's request.
        context: The Lambda context.
        handle: Carries it out; gets the event and how many seconds are left.

    Raises:
        OSError: If CloudFormation can't be reached: Lambda then delivers the event again.
    """
    answer = {
        "Status": "SUCCESS",
        "PhysicalResourceId": event.get("PhysicalResourceId") or f"failed-{event['RequestId']}",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    try:
        outcome = handle(event, lambda: context.get_remaining_time_in_millis() / 1000 - SECONDS_TO_ANSWER)
        answer |= {"PhysicalResourceId": outcome.physical_id, "Data": dict(outcome.data)}
    except Exception as error:  # CloudFormation would wait an hour for an answer
        answer |= {"Status": "FAILED", "Reason": _reason(error)}
    line = {"request": event["RequestType"], "resource": event["LogicalResourceId"]}
    print(json.dumps({**line, "status": answer["Status"], "reason": answer.get("Reason")}), flush=True)
    _send(event["ResponseURL"], answer)


def _reason(error: Exception) -> str:
    match error:
        case Failed():
            text = str(error)
        case ClientError():
            # The message of a service may repeat what was sent; the code does not.
            text = f"{error.operation_name} failed: {error.response['Error']['Code']}"
        case _:
            text = f"the function failed: {type(error).__name__}"
    return text[:LONGEST_REASON]


def _send(url: str, answer: Mapping[str, Any]) -> None:
    body = json.dumps(answer).encode()
    for attempt in range(1, ATTEMPTS + 1):
        request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310
        try:
            urllib.request.urlopen(request, timeout=10).close()  # noqa: S310  # CloudFormation's own URL
        except OSError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.2 * 2**attempt)
        else:
            return
