"""The audit trail: a file that lines are added to, and nothing is taken from."""

import os
from types import TracebackType
from typing import Self

from ..console.output_files import UnwritableError


class Trail:
    """A file to which each line is added as a device is done.

    Args:
        name: The file; ``None`` for no trail.

    Raises:
        UnwritableError: If it can't be written.
    """

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._file: int | None = None

    def __enter__(self) -> Self:
        if self._name is not None:
            try:
                self._file = os.open(self._name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            except OSError as error:
                raise self._problem(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)

    def add(self, line: str) -> None:
        """Add a line.

        Raises:
            UnwritableError: If that is not possible, for example as the disk is full.
        """
        if self._file is None:
            return
        try:
            os.write(self._file, f"{line}\n".encode())
        except OSError as error:
            raise self._problem(error) from None

    def _problem(self, error: OSError) -> UnwritableError:
        return UnwritableError(f"{self._name}: cannot be written: {error.strerror or error}")
