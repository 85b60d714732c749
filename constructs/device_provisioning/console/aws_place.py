"""The account and the Region that a verb talks to, and the clients that it talks with."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

SECONDS_TO_CONNECT = 3
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_chosen: dict[str, str] = {}


@contextmanager
def chosen(region: str | None, profile: str | None) -> Iterator[None]:
    """Talk to a Region, with the credentials of a profile, until the block ends.

    Args:
        region: The Region; by default ``AWS_REGION``, and then what boto3 finds.
        profile: The profile; by default what boto3 finds.
    """
    before = dict(_chosen)
    _chosen.update({name: value for name, value in (("region", region), ("profile", profile)) if value})
    try:
        yield
    finally:
        _chosen.clear()
        _chosen.update(before)


def client(service: str, settings: Mapping[str, Any]) -> Any:
    """A client of a service, with the credentials and the Region that AWS's own tools would use.

    boto3 alone reads ``AWS_DEFAULT_REGION`` only; other tools of AWS read ``AWS_REGION`` first.

    Args:
        service: The service, as boto3 names it.
        settings: What botocore's ``Config`` takes.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import NoRegionError

    session = boto3.Session(
        region_name=_chosen.get("region") or os.environ.get("AWS_REGION") or None,
        profile_name=_chosen.get("profile"),
    )
    if session.region_name is None:
        # S3 and IAM would be asked in a Region that nobody chose.
        raise NoRegionError
    # The stubs know only services that are named in code.
    make: Callable[..., Any] = session.client
    return make(service, config=Config(**{"connect_timeout": SECONDS_TO_CONNECT, **settings}))


def variables() -> dict[str, str]:
    """The environment in which other tools talk to the same account and Region."""
    region, profile = _chosen.get("region"), _chosen.get("profile")
    # Tools take keys of the environment before a profile of the environment.
    kept = {name: value for name, value in os.environ.items() if not (profile and name in _KEYS)}
    named = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_PROFILE": profile}
    return {**kept, **{name: value for name, value in named.items() if value}}


def drop_empty_variables() -> None:
    """Take empty variables of AWS out of the environment: boto3 fails by some of them.

    A shell, or a pipeline without a value for one, sets them so; tools of AWS take them as not set.
    """
    for name in [name for name, value in os.environ.items() if name.startswith("AWS_") and not value]:
        del os.environ[name]
