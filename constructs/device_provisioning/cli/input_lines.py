"""Lines of a file, one at a time, however many there are."""

from collections.abc import Iterator
from pathlib import Path

from .sources import UnreadableError

LONGEST_LINE = 256_000
"""Characters of a line of a bulk registration (https://docs.aws.amazon.com/general/latest/gr/iot-core.html)."""


class InputLines:
    """The lines of a file of UTF-8 text.

    Args:
        name: The file.

    Raises:
        UnreadableError: While iterating, when the file or a line cannot be read.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self.bytes_read = 0

    @property
    def size(self) -> int:
        """The bytes of the file; 0 if it is no plain file."""
        try:
            return Path(self.name).stat().st_size
        except (OSError, ValueError):
            return 0

    def __iter__(self) -> Iterator[str]:
        encoding = "utf-8-sig"
        try:
            with Path(self.name).open("rb") as file:
                while line := file.readline(LONGEST_LINE + 1):
                    self.number += 1
                    self.bytes_read += len(line)
                    if len(line) > LONGEST_LINE:
                        raise self.problem(f"is longer than {LONGEST_LINE} bytes")
                    yield line.decode(encoding)
                    encoding = "utf-8"
        except UnicodeDecodeError:
            raise self.problem("is not UTF-8 text") from None
        except OSError as error:
            raise UnreadableError(f"{self.name}: cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise UnreadableError(f"{self.name}: cannot be read: {error}") from None

    def problem(self, text: str) -> UnreadableError:
        """The error of the line that was read last."""
        return UnreadableError(f"{self.name}:{self.number}: {text}")
