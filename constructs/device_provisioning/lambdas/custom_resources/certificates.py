"""Certificates of AWS IoT, taken out of use."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 8, "mode": "adaptive"})
GONE = "ResourceNotFoundException"
# A session makes one client at a time.
_LOCK = Lock()


@cache
def client(service: str, *, region: str | None = None, profile: str | None = None) -> Any:
    """A client that waits and tries again when the service is busy.

    Args:
        service: The service.
        region: Its Region; the one of the environment by default.
        profile: The profile of the AWS configuration; the one of the environment by default.
    """
    with _LOCK:
        return _session(profile).create_client(service, region_name=region, config=CONFIG)


@cache
def _session(profile: str | None) -> Session:
    """One for all clients: what it reads of botocore's files for the first takes most of the time."""
    return Session(profile=profile)


def is_error(error: ClientError, code: str) -> bool:
    """Whether a service answered with this code."""
    return bool(error.response["Error"]["Code"] == code)


def revoke_by_id(iot: Any, certificate_id: str) -> None:
    """Deactivate, detach and delete a certificate of which only the id is known."""
    with gone_is_fine():
        described = iot.describe_certificate(certificateId=certificate_id)
        revoke(iot, described["certificateDescription"]["certificateArn"])


def revoke(iot: Any, certificate_arn: str) -> None:
    """Deactivate, detach and delete a certificate; what is gone already is fine."""
    certificate_id = certificate_arn.rpartition("/")[2]
    with gone_is_fine():
        iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
        for page in iot.get_paginator("list_attached_policies").paginate(target=certificate_arn):
            for policy in page["policies"]:
                with gone_is_fine():
                    iot.detach_policy(policyName=policy["policyName"], target=certificate_arn)
        for page in iot.get_paginator("list_principal_things").paginate(principal=certificate_arn):
            for thing in page["things"]:
                with gone_is_fine():
                    iot.detach_thing_principal(thingName=thing, principal=certificate_arn)
        iot.delete_certificate(certificateId=certificate_id)


@contextmanager
def gone_is_fine() -> Iterator[None]:
    """Go on behind the block when AWS IoT answers that something is not there."""
    try:
        yield
    except ClientError as error:
        if not is_error(error, GONE):
            raise
