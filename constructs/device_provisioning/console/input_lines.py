"""Lines of a file, one at a time, however many there are."""

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol

from .sources import STANDARD_INPUT, UnreadableError

LONGEST_LINE = 256_000
"""Characters of a line of a bulk registration (https://docs.aws.amazon.com/general/latest/gr/iot-core.html)."""


class _Lines(Protocol):
    def readline(self, size: int, /) -> bytes:
        """The next line, or the beginning of one that is longer."""


class _Utf16:
    """Lines of UTF-16, which spreadsheets call Unicode text, in UTF-8.

    Args:
        file: The file, which is not closed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(file, "utf-16", newline="\n")

    def readline(self, size: int, /) -> bytes:
        """The next line, or the beginning of one that is longer."""
        return self._text.readline(size).encode()

    def __del__(self) -> None:
        with suppress(ValueError):
            self._text.detach()


def _readable(file: BinaryIO) -> _Lines:
    begins = getattr(file, "peek", bytes)(2)[:2]
    return _Utf16(file) if begins in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else file


class InputLines:
    """The lines of a file of text, UTF-8 or, with its byte order mark, UTF-16.

    Args:
        name: The file; ``-`` is standard input.

    Raises:
        UnreadableError: While iterating, when the file or a line cannot be read.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.bytes_read = 0
        self._first = b""

    @cached_property
    def ending(self) -> str:
        """How the name ends, such as ``.csv``; ``.jsonl`` or ``.csv`` for standard input, by its first line.

        Raises:
            UnreadableError: If standard input can't be read.
        """
        if self.name != STANDARD_INPUT:
            return Path(self.name).suffix.lower()
        try:
            with self._opened() as file:
                self._first = file.readline(LONGEST_LINE + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreadableError(f"{self.name}: cannot be read: {reason}") from None
        return ".jsonl" if self._first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else ".csv"

    @property
    def size(self) -> int:
        """The bytes of the file; 0 if it is not a plain file."""
        try:
            return Path(self.name).stat().st_size
        except (OSError, ValueError):
            return 0

    def __iter__(self) -> Iterator[str]:
        encoding = "utf-8-sig"
        try:
            with self._opened() as file:
                while line := self._first or file.readline(LONGEST_LINE + 1):
                    self._first = b""
                    self.number += 1
                    self.bytes_read += len(line)
                    if len(line) > LONGEST_LINE:
                        raise self.problem(f"is longer than {LONGEST_LINE} bytes")
                    yield line.decode(encoding)
                    encoding = "utf-8"
        except UnreadableError:
            raise
        except UnicodeDecodeError as error:
            raise self.problem(f"is not {error.encoding[:6].upper()} text") from None
        except OSError as error:
            raise UnreadableError(f"{self.name}: cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise UnreadableError(f"{self.name}: cannot be read: {error}") from None

    @contextmanager
    def _opened(self) -> Iterator[_Lines]:
        if self.name == STANDARD_INPUT:
            yield self._standard_input
        else:
            with Path(self.name).open("rb") as file:
                yield _readable(file)

    @cached_property
    def _standard_input(self) -> _Lines:
        return _readable(sys.stdin.buffer)

    def problem(self, text: str) -> UnreadableError:
        """The error of the line that was read last."""
        return UnreadableError(f"{self.name}:{self.number}: {text}")
