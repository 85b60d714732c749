"""Files of devices, named after serial numbers, and files that are given."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from ..console.sources import UnreadableError

_LONGEST, _KEPT = 200, 120


def file_name(serial_number: str, ending: str) -> str:
    """The name of a device's file, in which no serial number leads out of its directory.

    Letters, digits, ``_``, ``-``, ``~`` and dots stay, except for a dot in front; others are written as in
    an address. A name that is too long for a file system ends with a digest instead.

    Args:
        serial_number: The serial number.
        ending: What the name ends with.

    Example:
        >>> file_name("A-1", ".key"), file_name("../A/1", ".key")
        ('A-1.key', '%2E.%2FA%2F1.key')
    """
    name = quote(serial_number, safe="")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) > _LONGEST:
        name = f"{name[:_KEPT]}~{hashlib.sha256(serial_number.encode()).hexdigest()}"
    return f"{name}{ending}"


def content_of(file: str) -> bytes:
    """What is in a file.

    Raises:
        UnreadableError: If it can't be read.
    """
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableError(f"{file}: cannot be read: {reason}") from None


def make_private_folder(folder: Path) -> None:
    """Make a directory that only its owner can look into, unless it is there.

    Raises:
        UnreadableError: If that is not possible.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        raise UnreadableError(f"{folder}: is not a directory: give another one") from None
    except OSError as error:
        raise UnreadableError(f"{folder}: cannot be made: {error.strerror or error}") from None
