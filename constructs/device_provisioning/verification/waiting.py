"""Waiting for AWS."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Value = TypeVar("Value")
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


def pauses(seconds: float) -> Iterator[None]:
    """Tries within a time, each after a longer pause than the one before; at least one."""
    until, pause = time.monotonic() + seconds, FIRST_PAUSE
    yield
    while time.monotonic() < until:
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
        yield


def first(ask: Callable[[], Value | None], seconds: float) -> Value | None:
    """The first answer that is something, or nothing if there is none in time."""
    for _ in pauses(seconds):
        answer = ask()
        if answer is not None:
            return answer
    return None
