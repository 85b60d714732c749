"""The one function of a stack: what CloudFormation asks goes to the module of the resource's type."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from . import (
    authority_template,
    claim_certificate,
    declared_template,
    group_policy,
    listed_devices,
    panorama_device,
    provisioned_certificates,
)
from .certificates import acting_with
from .cloudformation import Failed, Handler, Outcome, Reason, respond

ACTS_WITH = "ActsWithRoleArn"
"""The property that says with which role to act, which may do what this resource needs and no more."""


@dataclass(frozen=True)
class Care:
    """How a custom resource is looked after.

    Args:
        handle: Carries an event out.
        most_seconds: How long that may take; an event that ends when CloudFormation waits for it no more
            would undo what newer ones did.
    """

    handle: Handler
    most_seconds: int = 120


CARE = {
    "Custom::AuthorityTemplate": Care(authority_template.handle),
    "Custom::ClaimCertificate": Care(claim_certificate.handle),
    "Custom::DeclaredProvisioningTemplate": Care(declared_template.handle),
    "Custom::GroupPolicy": Care(group_policy.handle),
    "Custom::ListedDevices": Care(listed_devices.handle),
    "Custom::PanoramaDevice": Care(panorama_device.handle),
    "Custom::ProvisionedCertificates": Care(provisioned_certificates.handle, 900),
}


class TimeLimit(BaseException):
    """An event takes longer than it may; nothing catches this, as if the function ended."""


def handler(event: dict[str, Any], context: Any) -> None:
    """The function that CloudFormation invokes.

    Raises:
        TimeLimit: If the event takes longer than its type may: Lambda may then deliver it again.
    """
    care = CARE.get(event["ResourceType"], Care(_unknown))
    with acting_with(event["ResourceProperties"].get(ACTS_WITH)), _limited(care.most_seconds):
        respond(event, context, care.handle, care.most_seconds)


def _unknown(event: dict[str, Any], _seconds_left: object) -> Outcome:
    raise Failed(Reason.UNKNOWN_TYPE.format(type=event["ResourceType"]))


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End the block after a time, as the time-out of a function of its own would."""
    if threading.current_thread() is not threading.main_thread():  # as AWS Lambda never does
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TimeLimit

    previous = signal.signal(signal.SIGALRM, end)
    before = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, previous)
