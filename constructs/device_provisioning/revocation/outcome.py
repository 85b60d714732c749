"""What became of a device: a line for people, or an object for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ..console.text import printable


class Became(StrEnum):
    """What became of a device."""

    REVOKED = "revoked"
    ALREADY_REVOKED = "already revoked"
    TO_REVOKE = "would be revoked"
    RELEASED = "released"
    NOT_REVOKED = "not revoked"
    TO_RELEASE = "would be released"
    NOT_LISTED = "not on the list"
    FAILED = "failed"

    @property
    def is_good(self) -> bool:
        """Whether it is what was wanted."""
        return self not in (Became.NOT_LISTED, Became.FAILED)


@dataclass(frozen=True)
class Outcome:
    """What became of a device.

    Args:
        serial_number: The device.
        became: What became of it.
        changes: What was, or would be, changed.
        notes: What else there is to know.
    """

    serial_number: str
    became: Became
    changes: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def text(self) -> str:
        """It as a line for people.

        Example:
            >>> Outcome("A-1", Became.REVOKED, ["record blocked"], ["no certificate of it was found"]).text
            'A-1: revoked: record blocked (no certificate of it was found)'
        """
        changes = f": {'; '.join(self.changes)}" if self.changes else ""
        notes = f" ({'; '.join(self.notes)})" if self.notes else ""
        return printable(f"{self.serial_number}: {self.became}{changes}{notes}")

    def line(self, action: str, actor: str | None, now: float) -> str:
        """It as a JSON object.

        Args:
            action: ``revoke`` or ``release``.
            actor: The ARN of whoever did it; ``None`` if it was not done.
            now: The time in seconds since 1970.
        """
        said = {
            "at": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "action": action,
            **({"by": actor} if actor else {}),
            "serial_number": self.serial_number,
            "outcome": self.became,
            "changes": list(self.changes),
            "notes": list(self.notes),
        }
        return json.dumps(said)
