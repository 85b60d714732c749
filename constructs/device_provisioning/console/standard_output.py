"""Standard output, written as files are: whole, or with a problem that says why not."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from .exit_status import BAD_INPUT, FAILED
from .output_files import OutputFile, UnwritableError
from .text import printable


class StandardOutput:
    """Standard output, written as an ``OutputFile`` is.

    Raises:
        UnwritableError: If it can't be written.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._try(sys.stdout.flush)

    def write(self, content: bytes) -> None:
        """Write what comes next, so that who reads it has it.

        Raises:
            UnwritableError: If that is not possible, for example as the disk is full.
        """
        self._try(lambda: sys.stdout.buffer.write(content))
        self._try(sys.stdout.buffer.flush)

    def keep_apart(self) -> None:
        """What is written is written."""

    @staticmethod
    def _try(step: Callable[[], object]) -> None:
        try:
            step()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnwritableError(f"standard output: cannot be written: {reason}") from None


@contextmanager
def standard_output() -> Iterator[None]:
    """Report in a line what keeps standard output from taking all that the command writes.

    What is wrong with a file, and nobody reported, is reported as that.

    Raises:
        SystemExit: With exit status 2 if it is not all written.
    """
    try:
        try:
            yield
        except SystemExit:
            sys.stdout.flush()
            raise
    except OSError as error:
        reason = error.strerror or error
        if error.filename is not None:
            sys.stderr.write(f"{printable(error.filename)}: cannot be read or written: {reason}\n")
            raise SystemExit(BAD_INPUT) from None
        # What is left in the buffer would be reported again as the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(FAILED) from None
        sys.stderr.write(f"standard output: cannot be written: {reason}\n")
        raise SystemExit(BAD_INPUT) from None


def output(name: str | None) -> OutputFile | StandardOutput:
    """A file, or standard output if there is no name."""
    return OutputFile(name) if name else StandardOutput()
