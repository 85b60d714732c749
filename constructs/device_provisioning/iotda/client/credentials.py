"""Who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AccessKey:
    """An access key: requests are signed, for standard and enterprise instances with a derived key.

    Args:
        ak: The access key id.
        sk: The secret access key; it is never shown.
        security_token: The token of a temporary access key; none by default.
    """

    ak: str
    sk: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Token:
    """A user token of IAM, which lives for 24 hours at most.

    Args:
        token: The ``X-Subject-Token`` that IAM answered with; it is never shown.
    """

    token: str = field(repr=False)


Credentials = AccessKey | Token
"""Who may ask: an access key or a token."""
_FORMS = '{"ak": …, "sk": …}, with "security_token" if the key is temporary, or {"token": …}'


def credentials_of(document: Any) -> Credentials:
    """Read credentials as a secret holds them.

    Args:
        document: ``{"ak": …, "sk": …}``, with ``security_token`` if need be, or ``{"token": …}``.

    Raises:
        ValueError: If it is neither. The message repeats nothing of it.
    """
    values = dict(document) if isinstance(document, Mapping) else {}
    if all(isinstance(value, str) and value for value in values.values()):
        if set(values) == {"token"}:
            return Token(**values)
        if {"ak", "sk"} <= set(values) <= {"ak", "sk", "security_token"}:
            return AccessKey(**values)
    raise ValueError(f"the credentials have another form: give the JSON object {_FORMS}")
