"""The same work for many things, some at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from .interruption import Interruption
from .signals import leave_signals_to_the_main_thread

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def done_at_once(
    work: Callable[[Thing], Result], things: Sequence[Thing], parallel: int, interruption: Interruption
) -> Iterator[Result]:
    """The results of a work for each thing, as they come; no further one is begun after Ctrl-C.

    Args:
        work: Does it for one thing.
        things: What it is done for.
        parallel: How many are under way at once.
        interruption: Says when to stop.

    Raises:
        Exception: What the work raises; what else is under way goes on to its end without being waited for.
    """
    pool = ThreadPoolExecutor(parallel, initializer=leave_signals_to_the_main_thread)
    waiting, pending = iter(things), set[Future[Result]]()
    try:
        while True:
            while len(pending) < parallel and not interruption.asked:
                try:
                    pending.add(pool.submit(work, next(waiting)))
                except StopIteration:
                    break
            if not pending:
                return
            done, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
