"""Where a file is written before it takes its place, and how it takes it."""

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

_OPEN_FILES = (Path("/proc"), Path("/dev/fd"))
"""Where a process finds what it has open, such as behind ``/dev/stdout``."""
parts: set[Path] = set()
"""What is being written."""


def in_the_way(path: Path) -> str:
    """What is wrong with a place where something is already."""
    return f"{path}: already exists and will not be overwritten: give another place"


def discard_parts() -> None:
    """Remove what is being written, as the process is about to end."""
    for part in tuple(parts):
        with suppress(OSError):
            part.unlink()


def part_beside(place: Path) -> Path:
    """A name for what takes that place once it is whole."""
    return place.parent / f".device-provisioning-{secrets.token_hex(8)}.part"


def place_of(path: Path) -> Path | None:
    """Where a file goes, behind its links; ``None`` for what is not a regular file or open in a process."""
    with suppress(FileNotFoundError):
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(kind):
            return None
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    while not any(Path(os.path.realpath(path.parent)).is_relative_to(place) for place in _OPEN_FILES):
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    return None


def take_over(place: Path, part: Path) -> None:
    """Give a file the mode, and if possible the owner, of the one that it replaces."""
    with suppress(FileNotFoundError):
        before = place.stat()
        with suppress(OSError, AttributeError):
            os.chown(part, before.st_uid, before.st_gid)
        part.chmod(stat.S_IMODE(before.st_mode))


def take_new_place(part: Path, place: Path) -> None:
    """Give a file a place where nothing is.

    Raises:
        FileExistsError: If something is there already.
        OSError: If that is not possible.
    """
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except (OSError, AttributeError):
        # Sticks and network drives have no hard links: an empty file keeps the place free of others.
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            part.replace(place)
        except BaseException:
            place.unlink()
            raise
