"""What could not be removed, and how to remove it by hand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Left:
    """Something that a run has made and could not remove.

    Args:
        what: What it is.
        why: Why it is still there.
        command: What removes it.
    """

    what: str
    why: str
    command: str

    def __str__(self) -> str:
        return f"{self.what} is left: {self.why}\n  remove it: {self.command}"
