"""Files that are made, and never written over."""

import os
from collections.abc import Iterable
from pathlib import Path

from .sources import UnreadableError

SECRET, PUBLIC = 0o600, 0o644


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Make a file, and the folders above it, that nobody else can read before its mode says so.

    Raises:
        UnreadableError: If it is there already, or can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except FileExistsError:
        require_new([path])
        raise UnreadableError(f"{path.parent}: is no folder: give another one") from None
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be written: {error.strerror or error}") from None


def require_new(paths: Iterable[Path]) -> None:
    """Make sure that none of the files is there.

    Raises:
        UnreadableError: With every one that is.
    """
    problems = [
        f"{path}: is there already and stays as it is: give another folder"
        for path in paths
        if os.path.lexists(path)
    ]
    if problems:
        raise UnreadableError("\n".join(problems))
