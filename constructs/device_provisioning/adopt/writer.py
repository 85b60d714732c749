"""What writes a program for either engine: its parts in order, and the lines that can be hardened."""

from collections.abc import Iterable

from .existing import ExistingFleet
from .program import Slot


class Writer:
    """A program in the making.

    Args:
        fleet: What exists.

    Attributes:
        slots: The lines that a safe default may replace, by what they are about.
    """

    def __init__(self, fleet: ExistingFleet) -> None:
        self._fleet = fleet
        self.slots: dict[str, Slot] = {}

    @property
    def _may_have_hook(self) -> bool:
        return not self._fleet.hook and self._fleet.template_type == "FLEET_PROVISIONING"


def lines_of(lines: Iterable[str]) -> str:
    """Lines as text."""
    return "".join(f"{line}\n" for line in lines)
