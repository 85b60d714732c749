"""How many devices of a list, and of each of its batches, are in which state."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .enrolled_device import EnrolledDevice, State

COLUMNS = ("listed", *State, "blocked", "expired", "revoked")
ALL = "all"


class Counts:
    """Devices, counted by batch."""

    def __init__(self) -> None:
        self._of = dict[str | None, Counter[str]]()

    def add(self, device: EnrolledDevice) -> None:
        """Count a device: once as what became of it, and for all else that is true of it."""
        flags = [name for name in ("blocked", "expired", "revoked") if getattr(device, name)]
        self._of.setdefault(device.batch, Counter()).update(["listed", device.state, *flags])

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """A row for each batch, those without one last; none of an empty list but one of zeros."""
        known = sorted(batch for batch in self._of if batch is not None)
        batches = [*known, *([None] if None in self._of or not known else [])]
        for batch in batches:
            yield _row(batch, self._of.get(batch, Counter()))

    def text(self) -> str:
        """A table for people, with a last row of all if there are several."""
        rows = list(self.rows())
        shown = [(row["batch"] or "no batch", row) for row in rows]
        if len(rows) > 1:
            total = sum(self._of.values(), Counter[str]())
            shown.append((ALL, _row(None, total)))
        first = max(len(name) for name, _ in shown) if len(shown) > 1 else 0
        lines = [_line("" if first else None, first, COLUMNS)]
        for name, row in shown:
            cells = [f"{row[column]:,}" for column in COLUMNS]
            lines.append(_line(name if first else None, first, cells))
        return "".join(lines)


def _row(batch: str | None, counts: Mapping[str, int]) -> Mapping[str, Any]:
    return {"batch": batch, **{str(name): counts.get(name, 0) for name in COLUMNS}}


def _line(name: str | None, width: int, cells: Any) -> str:
    widths = [max(len(column), 9) for column in COLUMNS]
    columns = [f"{cell:>{size}}" for cell, size in zip(cells, widths, strict=True)]
    return "  ".join([*([f"{name:<{width}}"] if name is not None else []), *columns]).rstrip() + "\n"
