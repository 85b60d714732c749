"""What functions of custom resources call AWS with, and how they read its refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import ClientError
from botocore.session import Session

CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 8, "mode": "adaptive"})
GONE = "ResourceNotFoundException"
# A session makes one client at a time.
_LOCK = Lock()
_ROLE: ContextVar[str | None] = ContextVar("_ROLE", default=None)


@contextmanager
def acting_with(role_arn: str | None) -> Iterator[None]:
    """Call AWS with another role as long as the block lasts.

    Args:
        role_arn: The role; with none, calls are made as they are elsewhere.
    """
    token = _ROLE.set(role_arn)
    try:
        yield
    finally:
        _ROLE.reset(token)


def client(service: str, *, region: str | None = None, profile: str | None = None) -> Any:
    """A client that waits and tries again when the service is busy.

    Args:
        service: The service.
        region: Its Region; the one of the environment by default.
        profile: The profile of the AWS configuration; the one of the environment by default.
    """
    return _client(service, region, profile, _ROLE.get())


def session(profile: str | None = None) -> Session:
    """The session that clients are of.

    Args:
        profile: The profile of the AWS configuration; the one of the environment by default.
    """
    return _session(profile, _ROLE.get())


@cache
def _client(service: str, region: str | None, profile: str | None, role_arn: str | None) -> Any:
    with _LOCK:
        return _session(profile, role_arn).create_client(service, region_name=region, config=CONFIG)


@cache
def _session(profile: str | None, role_arn: str | None) -> Session:
    """One for all clients: what it reads of botocore's files for the first takes most of the time."""
    made = Session(profile=profile)
    if role_arn:
        make_client = partial(made.create_client, config=CONFIG)
        fetcher = AssumeRoleCredentialFetcher(make_client, made.get_credentials(), role_arn)
        made = Session(profile=profile)
        made.register_component("credential_provider", CredentialResolver([_AssumedRole(fetcher)]))
    return made


class _AssumedRole(CredentialProvider):
    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        """Credentials that are asked for with the first call, and again before they end."""
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)


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
