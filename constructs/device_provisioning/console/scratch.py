"""What is kept for the time of a block: in memory, and on disk as soon as it is large."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from .sources import UnreadableError

BYTES_IN_MEMORY = 1 << 24


@contextmanager
def scratch_file() -> Iterator[IO[bytes]]:
    """A file without a name that is gone when the block ends.

    Raises:
        UnreadableError: If the folder for temporary files can't take it.
    """
    try:
        with tempfile.SpooledTemporaryFile(BYTES_IN_MEMORY) as file:
            yield file
    except OSError as error:
        raise UnreadableError(
            f"the folder for temporary files: cannot be written: {error.strerror or error}: make room, or set"
            " TMPDIR to another folder"
        ) from None
