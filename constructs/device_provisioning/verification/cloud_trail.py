"""What AWS IoT called to register a device, as CloudTrail tells it: no page of AWS does."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..console.activity import at_work
from .aws import Aws
from .fleet import Fleet
from .promise import Promise

TEXT = (
    "What AWS IoT called with the provisioning role for one device, as CloudTrail tells it: AttachPolicy,"
    " AttachPrincipalPolicy, or both"
)
NOT_ASKED = "CloudTrail was not asked: --cloud-trail 15"
NO_CALL = "CloudTrail has no call of the role"
SOURCE = "iot.amazonaws.com"
AROUND = timedelta(seconds=2)
"""CloudTrail's times are whole seconds, of AWS's clock."""


def calls_of_the_role(minutes: int | None) -> Promise:
    """What CloudTrail has of one registration.

    Args:
        minutes: How long to wait until it is asked; without, it is not asked. AWS delivers events in about
            five minutes on average, and guarantees nothing:
            https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    """
    if minutes is None:
        return Promise(TEXT, lambda _: NOT_ASKED, NOT_ASKED, is_promised=False)
    return Promise(TEXT, lambda fleet: _asked_after(fleet, minutes), NO_CALL, is_promised=False)


def _asked_after(fleet: Fleet, minutes: int) -> str:
    began = datetime.now(UTC)
    fleet.enrolled(fleet.a_listed_serial_number())
    ended = datetime.now(UTC)
    with at_work(lambda: f"waiting {minutes} minutes for CloudTrail"):
        time.sleep(minutes * 60)
    return calls(fleet.aws, fleet.names.template, began - AROUND, ended + AROUND)


def calls(aws: Aws, template: str, began: datetime, ended: datetime) -> str:
    """The calls of AWS IoT that a template's role made in a time, each once, with the errors that they got.

    Args:
        aws: The clients.
        template: The name of the template.
        began: When it began.
        ended: When it ended.

    Raises:
        UnreadableError: If CloudTrail can't be asked.
    """
    described = aws.iot.call("describe_provisioning_template", templateName=template)
    role = described["provisioningRoleArn"].rpartition("/")[2]
    events = aws.cloudtrail.each(
        "lookup_events",
        "Events",
        LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": SOURCE}],
        StartTime=began,
        EndTime=ended,
    )
    return ", ".join(sorted(set(_of_role(events, role)))) or NO_CALL


def _of_role(events: Iterator[Mapping[str, Any]], role: str) -> Iterator[str]:
    for event in events:
        told = json.loads(event["CloudTrailEvent"])
        _, _, session = told["userIdentity"].get("arn", "").partition(":assumed-role/")
        if session.startswith(f"{role}/"):
            error = told.get("errorCode")
            yield f"{told['eventName']}: {error}" if error else told["eventName"]
