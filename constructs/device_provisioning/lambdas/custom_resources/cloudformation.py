"""CloudFormation's protocol for custom resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import math
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from ...records.denials import DENIALS

LONGEST_REASON = 1000
ATTEMPTS = 5
SECONDS_TO_ANSWER = 15
PAUSES_SECONDS = (1, 2, 4, 8)
"""The role that is acted with was made, or changed, seconds ago, and is not known everywhere at once.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
"""


@dataclass(frozen=True)
class Outcome:
    """A resource as it is after an event: its physical id, and what a template may read of it."""

    physical_id: str
    data: Mapping[str, str] = field(default_factory=dict)


class Reason(StrEnum):
    """Why an event failed, as CloudFormation shows it; ``{}`` marks what the event or AWS fills in."""

    REFUSED_CALL = "{operation} failed: {code}"
    FAILED = "the function failed: {error}"
    OLD_EVENT = "this event is out of date: what it created has been deleted"
    OTHER_CONTENT = "the secret does not hold a claim certificate: give this resource a secret of its own"
    DEVICES = "devices could not be synchronised with the table: {devices}"
    MORE_CERTIFICATES = (
        "{number} certificates were deleted and {left} are left, {inactive} of them inactive:"
        " delete the stack again"
    )
    UNKNOWN_TYPE = "this version of the library knows no {type}: deploy the one that made it"
    NO_ARCHIVE = "ProvisionDevice answered no archive: the device can't be set up, try again"
    NO_CREDENTIALS = "the secret {secret} can't be read: {code}"


class Failed(Exception):  # noqa: N818  # what CloudFormation calls it
    """The event can't be carried out; the message tells the user what to do and holds no secret."""


class NotAllowed(Failed):
    """AWS refused for want of a permission."""


Handler = Callable[[dict[str, Any], Callable[[], float]], Outcome]


def respond(event: dict[str, Any], context: Any, handle: Handler, most_seconds: float = math.inf) -> None:
    """Carry out an event and tell CloudFormation, whatever happens.

    Args:
        event: CloudFormation's request.
        context: The Lambda context.
        handle: Carries it out; gets the event and how many seconds are left.
        most_seconds: How long it may take; as long as the function may run by default.

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
    end = time.monotonic() + most_seconds

    def seconds_left() -> float:
        remaining: float = context.get_remaining_time_in_millis() / 1000
        return min(remaining, end - time.monotonic()) - SECONDS_TO_ANSWER

    try:
        outcome = _carried_out(event, handle, seconds_left)
        answer |= {"PhysicalResourceId": outcome.physical_id, "Data": dict(outcome.data)}
    except Exception as error:  # CloudFormation would wait an hour for an answer
        answer |= {"Status": "FAILED", "Reason": _reason(error)}
    line = {"request": event["RequestType"], "resource": event["LogicalResourceId"]}
    print(json.dumps({**line, "status": answer["Status"], "reason": answer.get("Reason")}), flush=True)
    _send(event["ResponseURL"], answer)


def _carried_out(event: dict[str, Any], handle: Handler, seconds_left: Callable[[], float]) -> Outcome:
    """Carry out an event, again if the role may not do it yet: a roll-back soon deletes what it made."""
    for pause in PAUSES_SECONDS:
        try:
            return handle(event, seconds_left)
        except (ClientError, NotAllowed) as error:
            if not is_denial(error) or seconds_left() <= pause:
                raise
        time.sleep(pause)
    return handle(event, seconds_left)


def is_denial(error: Exception) -> bool:
    """Whether AWS refused for want of a permission."""
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in DENIALS
    return isinstance(error, NotAllowed)


def _reason(error: Exception) -> str:
    match error:
        case Failed():
            text = str(error)
        case ClientError():
            # The message of a service may repeat what was sent; the code does not.
            code = error.response["Error"]["Code"]
            text = Reason.REFUSED_CALL.format(operation=error.operation_name, code=code)
        case _:
            text = Reason.FAILED.format(error=type(error).__name__)
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
