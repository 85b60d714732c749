"""The name that everything of one run begins with."""

import uuid
from dataclasses import dataclass
from typing import Self

PREFIX = "dp-verify-"


@dataclass(frozen=True)
class Names:
    """The names of one run, which no other run has.

    Args:
        fleet: What every other name begins with, at most 20 characters.
    """

    fleet: str

    @classmethod
    def new(cls) -> Self:
        """Names that nobody has had before."""
        return cls(f"{PREFIX}{uuid.uuid4().hex[:10]}")

    @property
    def bucket(self) -> str:
        """The bucket of what is deployed."""
        return f"{self.fleet}-assets"

    @property
    def template(self) -> str:
        """The template that devices register through."""
        return f"{self.fleet}-devices"

    @property
    def device_policy(self) -> str:
        """The policy of the devices."""
        return f"{self.fleet}-device"

    @property
    def trial_policy(self) -> str:
        """A policy by which limits are tried."""
        return f"{self.fleet}-trial"

    @property
    def rotation_template(self) -> str:
        """The template through which devices replace their certificates."""
        return f"{self.fleet}-rotation"

    @property
    def thing_name_prefix(self) -> str:
        """What the name of every thing begins with."""
        return f"{self.fleet}-"
