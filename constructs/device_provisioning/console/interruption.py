"""Ctrl-C, and what stands for it: asked for first, and suffered when nobody hears."""

import os
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any, Self

from .exit_status import INTERRUPTED
from .output_parts import discard_parts
from .signals import ENDING

SECONDS_TO_END = 1.5


class Interruption:
    """Ctrl-C ends a run when the work at hand is done, or takes too long; a second one ends the process.

    SIGTERM, by which containers and pipelines are stopped, and a terminal that is closed do the same.

    Args:
        seconds: How long the work at hand may take before it ends by a ``KeyboardInterrupt``.
    """

    def __init__(self, seconds: float = SECONDS_TO_END) -> None:
        self.asked = False
        self._seconds = seconds

    def __enter__(self) -> Self:
        # Whoever ignores a signal, as nohup does, means it.
        ours = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
        self._before: dict[int, Any] = {number: signal.signal(number, self._ask) for number in ours}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._give(0)
        for number, before in self._before.items():
            outer = getattr(before, "__self__", None)
            if isinstance(outer, Interruption):
                outer.asked |= self.asked
            signal.signal(number, before)

    def slept(self, seconds: float) -> bool:
        """Sleep, no longer than until Ctrl-C; whether that came."""
        until = time.monotonic() + seconds
        while not self.asked and time.monotonic() < until:
            time.sleep(min(0.1, seconds))
        return self.asked

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            _end_at_once()
        self.asked = True
        if not self._seconds:
            raise KeyboardInterrupt
        self._give(self._seconds)

    def _give(self, seconds: float) -> None:
        """Give the work at hand some seconds; 0 to ask no more of it."""
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, signal.default_int_handler if seconds else signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds)


def leave(status: object, *, at_once: bool) -> None:
    """End the process, also if threads of it still wait for a network.

    Args:
        status: The exit status.
        at_once: Whether nothing is waited for.
    """
    if at_once:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else INTERRUPTED)
    raise SystemExit(status)


def _end_at_once() -> None:
    discard_parts()
    if sys.stderr.isatty():
        # A bar may have hidden the cursor.
        sys.stderr.write("\x1b[?25h\n")
    os._exit(INTERRUPTED)
