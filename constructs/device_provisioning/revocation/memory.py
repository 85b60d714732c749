"""What a revocation took away, as the device's record remembers it."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from ..records.record import REVOCATION
from .problem import DeviceError

ACTIVE = "ACTIVE"


class HeldCertificate(BaseModel):
    """A certificate as it was before a revocation.

    Args:
        status: Its status.
        policies: The names of the policies that were attached to it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str
    policies: tuple[str, ...] = ()


class Revocation(BaseModel):
    """What a device had before it was revoked, so that it gets exactly that back.

    Args:
        at: When it began, in seconds since 1970.
        blocked: Whether the record was blocked before.
        certificates: The device's certificates, by their ids.
        things: The static thing groups of each of its things.
        quarantine_group: The group that its things were moved to; none by default.
        repair: Whether it may reach what the group's policy allows; no by default.
        complete: Whether all of it is done.

    Example:
        >>> Revocation.of({"revocation": Revocation(at=1, blocked=True).text}).blocked
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: int
    blocked: bool
    certificates: Mapping[str, HeldCertificate] = {}
    things: Mapping[str, tuple[str, ...]] = {}
    quarantine_group: str | None = None
    repair: bool = False
    complete: bool = False

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self | None:
        """What a record remembers; ``None`` if its device is not revoked.

        Raises:
            DeviceError: If the attribute was written by something else.
        """
        if REVOCATION not in record:
            return None
        try:
            return cls.model_validate_json(str(record[REVOCATION]))
        except ValidationError:
            raise DeviceError(
                f"{REVOCATION} of its record is not what this command writes: restore the record, or remove"
                " the attribute and bring back by hand what the device had"
            ) from None

    @property
    def text(self) -> str:
        """The attribute of the record."""
        return self.model_dump_json()

    def with_held(
        self,
        certificates: Mapping[str, HeldCertificate],
        things: Mapping[str, tuple[str, ...]],
        quarantine_group: str | None,
    ) -> Self:
        """With what is found now besides: of a revocation that was cut off, what it took away is gone by now.

        Args:
            certificates: The certificates as they are.
            things: The static thing groups of each thing as they are.
            quarantine_group: Where the things are moved to.
        """
        groups = {self.quarantine_group} - {None}
        return self.model_copy(
            update={
                "certificates": {
                    **self.certificates,
                    **{
                        name: _joined(self.certificates.get(name), each)
                        for name, each in certificates.items()
                    },
                },
                "things": {
                    **self.things,
                    **{
                        name: (*before, *(group for group in now if group not in {*before, *groups}))
                        for name, now in things.items()
                        for before in [self.things.get(name, ())]
                    },
                },
                "quarantine_group": quarantine_group or self.quarantine_group,
            }
        )


def _joined(before: HeldCertificate | None, now: HeldCertificate) -> HeldCertificate:
    if before is None:
        return now
    new = (name for name in now.policies if name not in before.policies)
    return HeldCertificate(status=before.status, policies=(*before.policies, *new))
