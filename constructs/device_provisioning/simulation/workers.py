"""Processes that simulate devices at the same time, with the outcomes in the order of the devices."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from typing import Any, Self

from ..console.devices import Device
from ..console.interruption import Interruption
from ..console.signals import signals_wait
from ..console.sources import UnreadableError
from .simulator import BATCH, SimulatedOutcome, Tally, simulated, until

# What Python does by default differs from version to version; forked threads would be lost.
FEW = 20_000
"""So many devices take less time than the start of a process."""
_PROCESSES = get_context("spawn")
_Batch = list[tuple[Any, ...]]


def cores() -> int:
    """How many cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


class Workers:
    """Processes that end with the block, or with this process.

    Args:
        number: How many.
        outcome_of: Makes, in each of them, what says what becomes of a device.
    """

    def __init__(self, number: int, outcome_of: Callable[[], Callable[[Device], SimulatedOutcome]]) -> None:
        self._number = number
        self._outcome_of = outcome_of

    def __enter__(self) -> Self:
        self._idle = [_Worker(self._outcome_of) for _ in range(self._number)]
        self._all = list(self._idle)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._all:
            worker.end()

    def simulate(
        self,
        devices: Iterable[Device],
        write: Callable[[bytes], object],
        tally: Tally,
        interruption: Interruption,
        after_write: Callable[[], object],
    ) -> None:
        """Write what every device gets, one object per line, as ``simulate_devices`` does.

        Args:
            devices: The devices.
            write: Takes whole lines.
            tally: Counts the devices.
            interruption: Says when to stop.
            after_write: Called whenever lines were written.

        Raises:
            UnreadableError: If no further device can be read, when those before it have their outcomes.
        """

        def take(result: tuple[bytes, Tally]) -> None:
            text, counted = result
            write(text)
            tally.add_later(counted)
            after_write()

        batches = _Batches(until(interruption, devices))
        busy: deque[_Worker] = deque()
        for batch in batches:
            # The one that was asked first; it gets more to do before its outcomes are written.
            worker = self._idle.pop() if self._idle else busy.popleft()
            result = worker.answer() if worker.is_asked else None
            worker.ask(batch)
            busy.append(worker)
            if result:
                take(result)
        for worker in busy:
            take(worker.answer())
        if batches.problem:
            raise batches.problem


class _Batches:
    """Devices in batches, and what is wrong with the first that can't be read."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self._devices = devices
        self.problem: UnreadableError | None = None

    def __iter__(self) -> Iterator[_Batch]:
        batch: _Batch = []
        try:
            for device in self._devices:
                # Plain tuples take a quarter of the time on their way.
                batch.append(tuple(device))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
        except UnreadableError as problem:
            self.problem = problem
        if batch:
            yield batch


class _Worker:
    """One process, which is not asked again before it has answered: only one side writes at a time."""

    def __init__(self, outcome_of: Callable[[], Callable[[Device], SimulatedOutcome]]) -> None:
        self.is_asked = False
        self._connection, other = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(target=_work, args=(other, outcome_of), daemon=True)
        # Ctrl-C is for the process that asks; the tracker would let signals through when it begins.
        resource_tracker.ensure_running()
        with signals_wait():
            self._process.start()
        other.close()

    def ask(self, batch: _Batch) -> None:
        with suppress(BrokenPipeError):
            self._connection.send(batch)
        self.is_asked = True

    def answer(self) -> tuple[bytes, Tally]:
        self.is_asked = False
        try:
            result: tuple[bytes, Tally] = self._connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            raise UnreadableError(
                f"a worker ended with exit status {self._process.exitcode}: --workers 1 does without"
            ) from None
        return result

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.join()


def _work(connection: Connection, outcome_of: Callable[[], Callable[[Device], SimulatedOutcome]]) -> None:
    outcome = outcome_of()
    # The end of the process that asks is the end of this one.
    with suppress(EOFError, BrokenPipeError):
        while True:
            connection.send(simulated([Device(*given) for given in connection.recv()], outcome))
