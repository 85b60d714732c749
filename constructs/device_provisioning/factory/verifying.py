"""Whether a proof is one, before the device is on its way."""

import hmac
import sys

from ..attestation.proof import Proof, device_mac, proof_message, read_proof
from ..console.exit_status import FAILED
from ..console.sources import UnreadableError
from ..console.text import printable
from .device_keys import KEY_BYTES, read_device_key
from .files import content_of
from .kms import KmsKey
from .public_keys import is_signed_by, maker_public_key
from .signing import ToSign


def verify_proof(
    file: str, device: ToSign, *, device_key: str | None, manufacturer_key: str | None, kms_key: str | None
) -> int:
    """Tell whether a hook would accept a proof; the exit status, 1 if it would not.

    Args:
        file: The file of the proof.
        device: The device and its public key.
        device_key: The file of the key that was derived for it.
        manufacturer_key: The file of the public key of who signed it.
        kms_key: The key in AWS KMS: the one that keys are derived from, or the one that signs.

    Raises:
        UnreadableError: If something given can't be read, or AWS refuses.
    """
    if [device_key, manufacturer_key, kms_key].count(None) != 2:
        raise UnreadableError("give one of --device-key, --manufacturer-key and --kms-key")
    proof = read_proof(content_of(file).decode("utf-8", "replace").strip())
    if proof is None:
        return _invalid(
            f"{file}: is not valid: it is not of the form BATCH.VALUE, with the value in base64url"
        )
    if not _is_proven(proof, device, device_key, manufacturer_key, kms_key):
        return _invalid(
            f"{file}: is not valid for {device.serial_number} of the batch {proof.batch}: it was made for"
            " another serial number, batch or public key of a device, or with another key"
        )
    sys.stdout.write(
        f"{printable(f'{file}: is valid for {device.serial_number} of the batch {proof.batch}')}\n"
    )
    return 0


def _is_proven(
    proof: Proof, device: ToSign, device_key: str | None, manufacturer_key: str | None, kms_key: str | None
) -> bool:
    if device_key is not None:
        return _is_mac(proof, device, read_device_key(device_key))
    if manufacturer_key is not None:
        signer = maker_public_key(manufacturer_key)
    elif len(proof.value) == KEY_BYTES:
        return _is_mac(proof, device, KmsKey(str(kms_key)).device_key(proof.batch, device.serial_number))
    else:
        signer = KmsKey(str(kms_key)).public_key()
    message = proof_message(proof.batch, device.serial_number, device.public_key)
    return is_signed_by(signer, message, proof.value)


def _is_mac(proof: Proof, device: ToSign, key: bytes) -> bool:
    made = device_mac(key, proof.batch, device.serial_number, device.public_key)
    return hmac.compare_digest(made, proof.value)


def _invalid(text: str) -> int:
    sys.stdout.write(f"{printable(text)}\n")
    return FAILED
