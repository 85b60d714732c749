"""What the record of a batch says of a device that wants to register."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...records.batch import (
    CLAIMS,
    CLOSES_AT,
    ENROLLED,
    IS_OPEN,
    OPENS_AT,
    QUOTA,
    REPROVISIONING,
    WITHOUT_LIST,
)
from ...records.record import PARAMETER_OVERRIDES, Item, plain, typed
from .reasons import Denied, Reason
from .settings import reprovisioning_times


@dataclass(frozen=True)
class Batch:
    """The record of a batch, as far as a decision depends on it."""

    item: Item
    record: Mapping[str, Any]

    @classmethod
    def of(cls, item: Item | None) -> "Batch":
        """The batch of an item; one that is not open if there is none."""
        return cls(item or {}, plain(item or {}))

    def require_open(self, claim: str | None, now: int) -> None:
        """Let devices pass that come at its time and with one of its claims.

        Raises:
            Denied: If it is not open, or the claim is not one of its own.
        """
        if not self._says(IS_OPEN):
            raise Denied(Reason.BATCH_NOT_OPEN)
        if now < self._seconds(OPENS_AT, now) or now >= self._seconds(CLOSES_AT, now + 1):
            raise Denied(Reason.BATCH_NOT_OPEN)
        claims = self.record.get(CLAIMS)
        if claims is not None and not isinstance(claims, list):
            raise Denied(Reason.MALFORMED_BATCH, attribute=CLAIMS)
        if claims is not None and claim not in claims:
            raise Denied(Reason.OTHER_CLAIM)

    def require_place(self) -> None:
        """Let one more device pass while there is a place.

        Raises:
            Denied: If there is none.
        """
        quota, enrolled = self.record.get(QUOTA), self.record.get(ENROLLED, 0)
        if quota is None:
            return
        if type(quota) is not int or type(enrolled) is not int:
            raise Denied(Reason.MALFORMED_BATCH, attribute=QUOTA)
        if enrolled >= quota:
            raise Denied(Reason.BATCH_FULL)

    def reprovisioning(self, otherwise: int | None) -> int | None:
        """How often its devices may register again.

        Args:
            otherwise: What holds if the batch says nothing.

        Raises:
            Denied: If that is malformed.
        """
        if REPROVISIONING not in self.record:
            return otherwise
        try:
            return reprovisioning_times(str(self.record[REPROVISIONING]))
        except ValueError:
            raise Denied(Reason.MALFORMED_BATCH, attribute=REPROVISIONING) from None

    @property
    def parameter_overrides(self) -> Mapping[str, str]:
        """What it decides for its devices, unless their own records do.

        Raises:
            Denied: If that is malformed.
        """
        overrides = self.record.get(PARAMETER_OVERRIDES, {})
        if not isinstance(overrides, dict) or not all(isinstance(value, str) for value in overrides.values()):
            raise Denied(Reason.MALFORMED_BATCH, attribute=PARAMETER_OVERRIDES)
        return overrides

    @property
    def is_without_list(self) -> bool:
        """Whether its devices may register although they are not on the list."""
        return self._says(WITHOUT_LIST)

    def _says(self, name: str) -> bool:
        """Whether it says yes, and nothing that is only true to Python, such as a NULL of DynamoDB."""
        return self.item.get(name) == typed(True)

    def _seconds(self, name: str, otherwise: int) -> int:
        seconds = self.record.get(name, otherwise)
        if type(seconds) is not int:
            raise Denied(Reason.MALFORMED_BATCH, attribute=name)
        return seconds
