"""Certificates of AWS IoT, taken out of use.

Detaching is asynchronous, "might take several seconds", and what is attached can't be deleted meanwhile:
https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from .certificates import gone_is_fine, is_error

CONFLICT = "DeleteConflictException"
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 2
PATIENCE_SECONDS = 300
"""How long nothing may be deleted before it is given up."""
PATIENCE_WITH_ONE_SECONDS = 30


class Left(NamedTuple):
    """Certificates that could not be deleted in time."""

    inactive: list[str]
    active: list[str]


def revoke_by_id(iot: Any, certificate_id: str) -> None:
    """Deactivate, detach and delete a certificate of which only the id is known."""
    with gone_is_fine():
        described = iot.describe_certificate(certificateId=certificate_id)
        revoke(iot, described["certificateDescription"]["certificateArn"])


def revoke(iot: Any, certificate_arn: str) -> None:
    """Deactivate, detach and delete a certificate; what is gone already is fine.

    Raises:
        ClientError: If it is inactive, but AWS IoT takes too long to detach it.
    """
    if revoke_all(iot, [certificate_arn], lambda: math.inf, PATIENCE_WITH_ONE_SECONDS).inactive:
        _delete(iot, certificate_arn)


def revoke_all(
    iot: Any,
    certificate_arns: Sequence[str],
    seconds_left: Callable[[], float],
    patience_seconds: float = PATIENCE_SECONDS,
) -> Left:
    """Deactivate and detach certificates, then delete them as soon as AWS IoT lets them go.

    Half of the time is for the first, so that of very many some are deleted in each attempt.

    Args:
        iot: A botocore client of AWS IoT.
        certificate_arns: The certificates.
        seconds_left: How much time there is.
        patience_seconds: How long to wait while none can be deleted.

    Returns:
        What is left.
    """
    reached = _out_of_use(iot, certificate_arns, seconds_left)
    inactive, waited, pause = list(certificate_arns[:reached]), 0.0, FIRST_PAUSE_SECONDS
    while inactive and waited < patience_seconds and seconds_left() > 0:
        left = [arn for arn in inactive if seconds_left() <= 0 or not _is_deleted(iot, arn)]
        waited = waited if len(left) == len(inactive) else 0.0
        inactive = left
        if inactive:
            time.sleep(pause)
            waited += pause
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
    return Left(inactive, list(certificate_arns[reached:]))


def _out_of_use(iot: Any, certificate_arns: Sequence[str], seconds_left: Callable[[], float]) -> int:
    """Deactivate and detach as many as half of the time is enough for; how many those are."""
    enough = seconds_left() / 2
    for number, arn in enumerate(certificate_arns):
        if number and seconds_left() < enough:
            return number
        with gone_is_fine():
            iot.update_certificate(certificateId=_id(arn), newStatus="INACTIVE")
            _detach_things(iot, arn)
    return len(certificate_arns)


def _is_deleted(iot: Any, certificate_arn: str) -> bool:
    if _things(iot, certificate_arn):
        return False
    try:
        _delete(iot, certificate_arn)
    except ClientError as error:
        if not is_error(error, CONFLICT):
            raise
        return False
    return True


def _delete(iot: Any, certificate_arn: str) -> None:
    """Delete it with its policies: until it is gone, an attempt that was cut off finds it again by them.

    A policy that is detached first stays attached for up to five minutes, in which only force deletes it:
    https://docs.aws.amazon.com/iot/latest/apireference/API_DetachPolicy.html
    """
    with gone_is_fine():
        iot.delete_certificate(certificateId=_id(certificate_arn), forceDelete=True)


def _detach_things(iot: Any, certificate_arn: str) -> None:
    for thing in _things(iot, certificate_arn):
        with gone_is_fine():
            iot.detach_thing_principal(thingName=thing, principal=certificate_arn)


def _things(iot: Any, certificate_arn: str) -> list[str]:
    with gone_is_fine():
        pages = iot.get_paginator("list_principal_things").paginate(principal=certificate_arn)
        return [thing for page in pages for thing in page["things"]]
    return []


def _id(certificate_arn: str) -> str:
    return certificate_arn.rpartition("/")[2]
