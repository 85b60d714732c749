"""What is to be said of the rows of a list once all of them are checked."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .row import Row

MOST_SHOWN = 5
_MOST_KINDS = 1000
_GIVEN = re.compile(r": ('.*'|\".*\"|[{\[].*[}\]]|[0-9.]+|True|False|None)$")
_LINE = re.compile(r"first on line [0-9]+")


class CheckReport:
    """Counts the reasons for which rows are rejected, and devices that can never register."""

    def __init__(self) -> None:
        self.rejected = 0
        self._first: list[Row] = []
        self._kinds: Counter[str] = Counter()
        self._expired: list[int] = []
        self._expired_count = 0

    def of_all(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, of which those are noted that have expired."""
        now = time.time()
        for row in rows:
            if row.device and row.device.expires_at is not None and row.device.expires_at <= now:
                self._expired_count += 1
                if len(self._expired) < MOST_SHOWN:
                    self._expired.append(row.line)
            yield row

    def of_rejected(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that are rejected, which are counted by reason."""
        for row in rows:
            self.rejected += 1
            if len(self._first) < MOST_SHOWN:
                self._first.append(row)
            for kind in map(_kind, row.reasons):
                if kind in self._kinds or len(self._kinds) < _MOST_KINDS:
                    self._kinds[kind] += 1
            yield row

    def lines(self, twins: Sequence[tuple[int, str]]) -> Iterator[str]:
        """What to say: the first rejected rows, how many there are for each reason, and warnings.

        Args:
            twins: Devices whose serial numbers differ from another one's in case only, each with its line.
        """
        for row in self._first:
            yield f"  line {row.line}: {'; '.join(row.reasons)}"
        if self.rejected > len(self._first):
            yield f"  and {self.rejected - len(self._first):,} more; by reason:"
            for kind, number in self._kinds.most_common(MOST_SHOWN):
                yield f"  {number:,} × {kind}"
        if self._expired_count:
            places = ", ".join(map(str, self._expired)) + (", …" if self._expired_count > MOST_SHOWN else "")
            yield (
                f"warning: {counted(self._expired_count, 'device')} expired already and can't register: line"
                f" {places}"
            )
        if twins:
            shown = ", ".join(f"{name} (line {line})" for line, name in twins[:MOST_SHOWN])
            yield (
                f"warning: serial numbers that differ in case only are different devices: {shown}"
                f"{', …' if len(twins) > MOST_SHOWN else ''}"
            )


def counted(number: int, noun: str) -> str:
    """A number of things.

    Example:
        >>> counted(1, "row"), counted(2000, "row")
        ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _kind(reason: str) -> str:
    return _LINE.sub("first on an earlier line", _GIVEN.sub("", reason))
