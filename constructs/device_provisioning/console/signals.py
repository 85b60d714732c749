"""The signals that end the command, and who gets them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
ENDING = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


def leave_signals_to_the_main_thread() -> None:
    """Keep them out of the thread that calls this.

    Python handles them in the main thread. If the system gave it to another one, as it does with the second
    of two at once, the main thread would not wake up from what it waits for.
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDING, signal.SIGALRM})


@contextmanager
def signals_wait() -> Iterator[None]:
    """Let them come after the block; processes that begin in it never get them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
