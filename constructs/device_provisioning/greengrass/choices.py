"""Settings that contradict each other, the same on every engine."""

from collections.abc import Sequence
from typing import Any


def require_role_to_read_buckets(role: Any, artifact_buckets: Sequence[Any]) -> None:
    """Make sure that buckets are for a role that is created.

    Raises:
        ValueError: If they are not.
    """
    if role and artifact_buckets:
        raise ValueError(
            "artifact_buckets are for the role that is created, but role is given: let your role read them or"
            " leave role out"
        )


def require_own_token_exchange(token_exchange: Any, artifact_buckets: Sequence[Any]) -> None:
    """Make sure that buckets are for a role alias that is created.

    Raises:
        ValueError: If they are not.
    """
    if token_exchange and artifact_buckets:
        raise ValueError(
            "artifact_buckets are for the role that is created, but token_exchange is given: give them to"
            " your TokenExchange or leave token_exchange out"
        )


def require_each_group_once(names: Sequence[str]) -> None:
    """Make sure that no thing group is created twice.

    Raises:
        ValueError: If one is.
    """
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"groups name {', '.join(repeated)} twice: give each group once")
