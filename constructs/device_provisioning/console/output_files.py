"""Every file that the command writes: whole, or not at all.

A file is written beside its place, under a name of its own, and takes its place once it is whole. A process
that is killed leaves at most such a ``.device-provisioning-*.part`` behind.
"""

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from .output_parts import in_the_way, part_beside, parts, place_of, take_new_place, take_over
from .sources import UnreadableError

SECRET, PUBLIC = 0o600, 0o644
ANYBODY = 0o666


class UnwritableError(UnreadableError):
    """Something could not be written."""


class OutputFile:
    """A file that is replaced when the block ends well, and stays as it was otherwise.

    Links are followed. What is not a regular file, such as a device or a named pipe, is written as it goes.

    Args:
        name: The file.
        mode: Its mode; by default that of the file that is replaced, and of a new file what the umask leaves.
        is_new: Whether a file that already exists is in the way; no by default.

    Raises:
        UnwritableError: If it can't be written.
    """

    def __init__(self, name: str | Path, mode: int | None = None, *, is_new: bool = False) -> None:
        self._name = name
        self._mode = mode
        self._is_new = is_new
        self._part: Path | None = None
        self._is_kept_apart = False

    def __enter__(self) -> Self:
        try:
            self._place = Path(self._name) if self._is_new else place_of(Path(self._name))
            self._file = self._opened()
        except (OSError, ValueError) as error:
            raise self._problem(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        except OSError as problem:
            raise self._problem(problem) from None
        finally:
            self._discard()

    def write(self, content: bytes) -> None:
        """Write what comes next.

        Raises:
            UnwritableError: If that is not possible, for example as the disk is full.
        """
        try:
            self._file.write(content)
        except OSError as error:
            raise self._problem(error) from None

    def keep_apart(self) -> str | None:
        """Leave the file as it is, and keep what is written beside it: gives the name of that.

        ``None`` if it is written as it goes.
        """
        self._is_kept_apart = True
        return f"{self._place}.partial" if self._part else None

    def _opened(self) -> BinaryIO:
        if self._place is None:
            return Path(self._name).open("wb")
        self._part = part_beside(self._place)
        mode, flags = self._mode or ANYBODY, os.O_WRONLY | os.O_CREAT | os.O_EXCL
        descriptor = os.open(self._part, flags | getattr(os, "O_BINARY", 0), mode)
        parts.add(self._part)
        return os.fdopen(descriptor, "wb")

    def _finish(self) -> None:
        self._file.flush()
        if self._part is None or self._place is None:
            return
        os.fsync(self._file.fileno())
        self._file.close()
        if self._is_kept_apart:
            self._part.replace(f"{self._place}.partial")
        elif self._is_new:
            take_new_place(self._part, self._place)
        else:
            if self._mode is None:
                take_over(self._place, self._part)
            self._part.replace(self._place)

    def _discard(self) -> None:
        # A file that can't be flushed can't be closed properly either.
        with suppress(OSError):
            self._file.close()
        if self._part:
            with suppress(OSError):
                self._part.unlink()
            parts.discard(self._part)

    def _problem(self, error: OSError | ValueError) -> Exception:
        if isinstance(error, BrokenPipeError):
            return error
        if isinstance(error, FileExistsError):
            return UnreadableError(in_the_way(Path(self._name)))
        reason = getattr(error, "strerror", None) or error
        return UnwritableError(f"{self._name}: cannot be written: {reason}")
