"""A process that answers each line with a line, in order, and can be ended at any time."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any


class LineProcess:
    """A process in a session of its own, so that Ctrl-C does not reach it.

    Args:
        command: What it runs.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._read = b""
        self._process = subprocess.Popen(  # noqa: S603  # what is run is what the user names
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )

    @property
    def has_answered(self) -> bool:
        """Whether an answer has already been read."""
        return b"\n" in self._read

    def ask(self, lines: bytes) -> None:
        """Write whole lines; does nothing if the process has ended.

        Unread questions and unread answers have to fit into the pipes: neither side reads while it writes.
        """
        left = memoryview(lines)
        with suppress(BrokenPipeError):
            while left:
                left = left[os.write(_descriptor(self._process.stdin), left) :]

    def answer(self, seconds: float | None) -> bytes | None:
        """The next line; ``None`` if the process has ended.

        Args:
            seconds: How long to wait; ``None`` to wait for ever.

        Raises:
            TimeoutError: If it takes longer.
        """
        descriptor = _descriptor(self._process.stdout)
        until = None if seconds is None else time.monotonic() + seconds
        while not self.has_answered:
            left = None if until is None else max(0, until - time.monotonic())
            if not select.select([descriptor], [], [], left)[0]:
                raise TimeoutError
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                return None
            self._read += chunk
        line, _, self._read = self._read.partition(b"\n")
        return line

    def end(self, seconds: float = 0) -> int:
        """End it and the processes that it started; returns its exit status.

        Args:
            seconds: How long to wait for it to exit before it is killed; no time by default.
        """
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        return status


def _descriptor(pipe: Any) -> int:
    descriptor: int = pipe.fileno()
    return descriptor
