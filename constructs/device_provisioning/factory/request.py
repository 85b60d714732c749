"""What is to be signed, as the command line says it."""

from collections.abc import Mapping
from pathlib import Path

from ..console.sources import UnreadableError
from .signers import signer_of
from .signing import one_device, sign_all, sign_one


def sign_request(
    file: str | None,
    serial_number: str | None,
    device: Mapping[str, str | None],
    signer: Mapping[str, str | None],
    batch: str,
    out: Path,
    *,
    force: bool,
) -> int:
    """Sign for one device or for those of a list; the exit status.

    Args:
        file: A list; none for one device.
        serial_number: The serial number of one device.
        device: The file that its public key is in, by kind.
        signer: What the manufacturer's key is, by kind.
        batch: The batch.
        out: The file, or for a list the directory.
        force: Whether files that hold something else are replaced.

    Raises:
        UnreadableError: If something given is wrong, or AWS refuses.
    """
    if (file is None) == (serial_number is None):
        raise UnreadableError("give one device by --serial-number, or many by --file")
    if file is not None and any(device.values()):
        raise UnreadableError("--file lists the keys of its devices: leave out the key of one")
    if file is not None:
        return sign_all(file, batch, signer_of(**signer), out, force=force)
    one = one_device(str(serial_number), **device)
    return sign_one(one, batch, signer_of(**signer), out, force=force)
