"""Writing what is staged: several transactions at once, until all are done."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from ..aws_iot import ListedDevice
from ..console.interruption import Interruption
from ..console.signals import leave_signals_to_the_main_thread
from ..console.sources import UnreadableError
from .staging import Staging
from .table import TRANSACTION, AllowListTable

GIVE_UP_AFTER = 300
REFUSALS_IN_A_PASS = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 16.0
SECONDS_TO_SETTLE = 1.0
Batch = list[ListedDevice]


class Writer:
    """Write staged devices to a table.

    As long as the table takes what it gets there are more transactions at once, up to ``parallel``. When it
    is busy there are half as many; when it takes nothing, longer and longer pauses.

    Args:
        staging: The devices.
        table: Where they go.
        parallel: How many transactions there are at once at the most.
        report: Called with how many devices were written by now, and what keeps the others from it.
        interruption: Says when to stop.
        give_up_after: For how many seconds the table may take nothing; five minutes by default.
        restores: Whether whole records are written where there are none; by default what the file says is.
    """

    def __init__(
        self,
        staging: Staging,
        table: AllowListTable,
        parallel: int,
        report: Callable[[int, str], object],
        interruption: Interruption,
        give_up_after: float = GIVE_UP_AFTER,
        *,
        restores: bool = False,
    ) -> None:
        self._staging = staging
        self._table = table
        self._parallel = parallel
        self._at_once = parallel
        self._report = report
        self._interruption = interruption
        self._give_up_after = give_up_after
        self._write = table.restore if restores else table.write
        self._pending: dict[Future[bool], Batch] = {}
        self._refused = 0
        self._taken_at = time.monotonic()
        self.written = 0

    def write_all(self) -> None:
        """Write every device that is not written, until Ctrl-C comes.

        What is under way when something ends it is waited for, so that it is known to be written; after
        Ctrl-C no longer than a second, as a network may hang. What is not known is written again later, which
        changes nothing.

        Raises:
            UnreadableError: If the table refuses, or takes nothing for too long.
        """
        pause = FIRST_PAUSE
        with _pool(self._parallel) as pool:
            while self._staging.count(written=False) and not self._interruption.asked:
                before = self.written
                self._pass(pool)
                if self.written > before:
                    pause = FIRST_PAUSE
                    continue
                self._require_patience()
                self._interruption.slept(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _pass(self, pool: ThreadPoolExecutor) -> None:
        self._refused = 0
        try:
            for batch in self._staging.unwritten(TRANSACTION):
                if self._interruption.asked or self._refused >= REFUSALS_IN_A_PASS:
                    break
                self._pending[pool.submit(self._write, batch)] = batch
                while len(self._pending) >= self._at_once and not self._interruption.asked:
                    self._settle()
        finally:
            self._settle_all()

    def _settle_all(self) -> None:
        left = SECONDS_TO_SETTLE
        while self._pending and left > 0:
            started = time.monotonic()
            self._settle()
            left -= (time.monotonic() - started) * self._interruption.asked
        self._pending.clear()

    def _settle(self) -> None:
        """Remember what is written; only then report what failed."""
        done = wait(self._pending, timeout=0.1, return_when=FIRST_COMPLETED).done
        batches = {future: self._pending.pop(future) for future in done}
        for future, batch in batches.items():
            taken = future.exception() is None and future.result()
            self._at_once = min(self._at_once + 1, self._parallel) if taken else max(self._at_once // 2, 1)
            self._refused = 0 if taken else self._refused + 1
            if taken:
                self._staging.mark_written(batch)
                self.written += len(batch)
                self._taken_at = time.monotonic()
        self._report(self.written, self._waiting() if self._refused else "")
        for future in batches:
            future.result()

    def _waiting(self) -> str:
        left = max(0, self._give_up_after - (time.monotonic() - self._taken_at))
        return f"{self._table.name} is busy, giving up in {left:.0f} s"

    def _require_patience(self) -> None:
        if time.monotonic() - self._taken_at >= self._give_up_after:
            raise UnreadableError(
                f"{self._table.name}: is too busy: it accepted nothing for {self._give_up_after:.0f} seconds:"
                " import later, or wait longer with --give-up-after SECONDS"
            )


@contextmanager
def _pool(parallel: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that nobody waits for: what they do may hang."""
    pool = ThreadPoolExecutor(parallel, initializer=leave_signals_to_the_main_thread)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
