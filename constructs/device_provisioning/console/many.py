"""The same work for many things, some at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from .signals import leave_signals_to_the_main_thread

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def done_at_once(
    work: Callable[[Thing], Result], things: Sequence[Thing], parallel: int, is_over: Callable[[], bool]
) -> Iterator[Result]:
    """The results of a work for each thing, as they come; once it is over no further one is begun.

    Args:
        work: Does it for one thing.
        things: What it is done for.
        parallel: How many are under way at once.
        is_over: Says when, such as after Ctrl-C.

    Raises:
        Exception: What the work raises; what else is under way goes on to its end without being waited for.
    """
    pool = ThreadPoolExecutor(parallel, initializer=leave_signals_to_the_main_thread)
    waiting, pending = iter(things), set[Future[Result]]()
    try:
        while True:
            while len(pending) < parallel and not is_over():
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
