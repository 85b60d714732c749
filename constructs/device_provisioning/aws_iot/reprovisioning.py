"""Whether a device may register again."""

from enum import StrEnum


class Reprovisioning(StrEnum):
    """Whether a serial number whose certificate became active may register again."""

    NEVER = "NEVER"
    ALLOW = "ALLOW"
