"""What a rule says about a template."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters.

    ``error``: AWS IoT refuses the template, or devices fail. ``warning``: it works today, or for some
    devices. ``info``: something was not checked, as it is not known before deployment or not in sight.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One problem at one place.

    Args:
        code: The rule's code, such as ``DP005``.
        severity: How much it matters.
        path: The place as a JSON pointer (RFC 6901).
        message: What is wrong and what was given.
        hint: What to do.
    """

    code: str
    severity: Severity
    path: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.code} {self.path or '/'}: {self.message}: {self.hint}"
