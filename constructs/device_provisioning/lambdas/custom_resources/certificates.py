"""What functions of custom resources call AWS with, and how they read its refusals."""

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


@contextmanager
def gone_is_fine() -> Iterator[None]:
    """Go on behind the block when AWS IoT answers that something is not there."""
    try:
        yield
    except ClientError as error:
        if not is_error(error, GONE):
            raise
