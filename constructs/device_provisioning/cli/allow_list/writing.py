"""Writing what is staged: several transactions at once, until all are done."""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from ...aws_iot import ListedDevice
from ..interruption import Interruption
from ..sources import UnreadableError
from .staging import Staging
from .table import TRANSACTION, AllowListTable

PASSES_WITHOUT_PROGRESS = 6
Batch = list[ListedDevice]


class Writer:
    """Write staged devices to a table.

    As long as the table takes what it gets there are more transactions at once, up to ``parallel``; when it
    is busy there are half as many, and what it did not take waits for the next pass.

    Args:
        staging: The devices.
        table: Where they go.
        parallel: How many transactions there are at once at the most.
        told: Is told how many devices were written by now.
        interruption: Says when to stop.
    """

    def __init__(
        self,
        staging: Staging,
        table: AllowListTable,
        parallel: int,
        told: Callable[[int], None],
        interruption: Interruption,
    ) -> None:
        self._staging = staging
        self._table = table
        self._parallel = parallel
        self._at_once = parallel
        self._told = told
        self._interruption = interruption
        self._pending: dict[Future[bool], Batch] = {}
        self.written = 0

    def write_all(self) -> None:
        """Write every device that is not written, until Ctrl-C comes.

        What is under way when something ends it is waited for, so that it is known to be written.

        Raises:
            UnreadableError: If the table refuses, or stays too busy.
        """
        idle = 0
        while self._staging.count(written=False) and not self._interruption.asked:
            before = self.written
            self._pass()
            idle = 0 if self.written > before else idle + 1
            if idle == PASSES_WITHOUT_PROGRESS:
                problem = "is too busy: import fewer devices at once, or later"
                raise UnreadableError(f"{self._table.name}: {problem}")
            if idle:
                time.sleep(2**idle / 4)

    def _pass(self) -> None:
        with ThreadPoolExecutor(self._parallel) as pool:
            try:
                for batch in self._staging.unwritten(TRANSACTION):
                    if self._interruption.asked:
                        break
                    self._pending[pool.submit(self._table.write, batch)] = batch
                    while len(self._pending) >= self._at_once:
                        self._settle(wait(self._pending, return_when=FIRST_COMPLETED).done)
            finally:
                self._settle(wait(self._pending).done)

    def _settle(self, done: set[Future[bool]]) -> None:
        """Remember what is written; only then tell of what failed."""
        batches = {future: self._pending.pop(future) for future in done}
        for future, batch in batches.items():
            taken = future.exception() is None and future.result()
            self._at_once = min(self._at_once + 1, self._parallel) if taken else max(self._at_once // 2, 1)
            if taken:
                self._staging.mark_written(batch)
                self.written += len(batch)
        self._told(self.written)
        for future in batches:
            future.result()
