"""The keys of devices, derived from the one of their batch."""

import hmac
from collections.abc import Sequence
from pathlib import Path

from ..allow_list.batches import require_name
from ..allow_list.normalisation import Normalisation
from ..console.sources import UnreadableError
from .files import content_of, file_name
from .kms import KmsKey
from .serial_numbers import serial_numbers_of
from .writing import DeviceFile, write_files

KEY_BYTES = 32


def derive_keys(
    given: Sequence[str],
    file: str | None,
    changes: Sequence[Normalisation],
    batch: str,
    key: str,
    out: Path,
    *,
    force: bool,
) -> int:
    """Write the key of each device to a file of its own; the exit status.

    Args:
        given: Serial numbers.
        file: A list of more of them; none by default.
        changes: What is changed of each, in this order.
        batch: Their batch.
        key: The HMAC key of the batch in AWS KMS.
        out: The directory.
        force: Whether files that hold something else are replaced.

    Raises:
        UnreadableError: If something given is wrong, or AWS refuses.
    """
    require_name(batch)
    serial_numbers = serial_numbers_of(given, file, changes)
    # A bar shows what is going on.
    kms = KmsKey(key, shows_waiting=False)
    files = [_key_file(kms, batch, serial_number, out) for serial_number in serial_numbers]
    return write_files(files, out, "keys", force=force)


def read_device_key(file: str) -> bytes:
    """The key of a device, as ``derive_keys`` writes it.

    Raises:
        UnreadableError: If the file holds none.
    """
    try:
        key = bytes.fromhex(content_of(file).decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UnreadableError(
            f"{file}: contains no key of a device: give a file of {2 * KEY_BYTES} hexadecimal digits"
        )
    return key


def _key_file(kms: KmsKey, batch: str, serial_number: str, out: Path) -> DeviceFile:
    def made() -> bytes:
        return f"{kms.device_key(batch, serial_number).hex()}\n".encode()

    return DeviceFile(
        serial_number,
        out / file_name(serial_number, ".key"),
        made,
        lambda content: hmac.compare_digest(content, made()),
    )
