"""What a rule says about a template."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from .fix import Fix


class Severity(StrEnum):
    """How much a finding matters.

    ``error``: AWS IoT refuses the template, or devices fail. ``warning``: it works today, or for some
    devices. ``info``: something was not checked, as it is known only on deployment or not found in the file.
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
        offset: How many characters into the text at the place; its start by default.
        fix: What makes the rule hold; not known by default.
    """

    code: str
    severity: Severity
    path: str
    message: str
    hint: str
    offset: int | None = None
    fix: Fix | None = None

    def moved(self, move: Callable[[str], str]) -> "Finding":
        """The same in a document in which the places are others.

        Args:
            move: The other place of a place.
        """
        return replace(self, path=move(self.path), fix=self.fix and self.fix.moved(move))

    def __str__(self) -> str:
        return f"{self.code} {self.path or '/'}: {self.message}: {self.hint}"
