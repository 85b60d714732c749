"""What the command is doing, reported while people wait."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from .signals import leave_signals_to_the_main_thread
from .text import printable

SECONDS_BETWEEN = 10.0
_doing: list[Callable[[], str]] = []


@contextmanager
def at_work(what: Callable[[], str]) -> Iterator[None]:
    """Report on standard error every ten seconds what the command is doing, until the block ends.

    When blocks are nested, the innermost is reported, at the interval of the outermost.

    Args:
        what: Describes it; nothing is reported while it is empty.
    """
    _doing.append(what)
    try:
        if len(_doing) > 1:
            yield
        else:
            with _reported():
                yield
    finally:
        _doing.remove(what)


def quiet() -> AbstractContextManager[None]:
    """Report nothing until the block ends, because a progress bar or a question shows what is going on."""
    return at_work(lambda: "")


@contextmanager
def _reported() -> Iterator[None]:
    ended = threading.Event()

    def report() -> None:
        leave_signals_to_the_main_thread()
        while not ended.wait(SECONDS_BETWEEN):
            with suppress(IndexError, OSError, ValueError):
                if text := _doing[-1]():
                    sys.stderr.write(f"{printable(text)}\n")
                    sys.stderr.flush()

    threading.Thread(target=report, daemon=True).start()
    try:
        yield
    finally:
        ended.set()
