"""The proof of a device: what it says, and what is signed or authenticated of it.

The standard library only: this module is shipped with the hook. Each text is one of lines, which a device can
put together in any language.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

PROOF_PARAMETER = "Proof"
"""The parameter of a registration that carries the proof."""
MAC_ALGORITHM = "HMAC_SHA_256"
"""How AWS KMS derives the key of a device."""
BATCH = re.compile("[A-Za-z0-9_-]{1,64}")
"""What a batch can be called."""
_PROOF = re.compile(r"([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,1024})")


@dataclass(frozen=True)
class Proof:
    """What a device sends.

    Args:
        batch: The batch that it says it is of.
        value: A MAC of 32 bytes, or a signature.
    """

    batch: str
    value: bytes


def read_proof(text: str) -> Proof | None:
    """A proof of its text, ``BATCH.VALUE`` with the value in base64url without padding.

    Returns:
        The proof, or ``None`` if the text is none.

    Example:
        >>> read_proof("line-4.a2V5").value
        b'key'
    """
    found = _PROOF.fullmatch(text)
    if not found:
        return None
    batch, encoded = found.groups()
    try:
        value = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except ValueError:
        return None
    proof = Proof(batch, value)
    # One proof has one text: bits that decoding drops would make several of it.
    return proof if proof_text(proof) == text else None


def proof_text(proof: Proof) -> str:
    """The text of a proof.

    Example:
        >>> proof_text(Proof("line-4", b"key"))
        'line-4.a2V5'
    """
    return f"{proof.batch}.{base64.urlsafe_b64encode(proof.value).rstrip(b'=').decode()}"


def key_message(batch: str, serial_number: str) -> bytes:
    """What a key of a batch authenticates so that its MAC is the key of a device.

    Example:
        >>> key_message("line-4", "A-1").splitlines()
        [b'device-provisioning/device-key/1', b'line-4', b'A-1']
    """
    return f"device-provisioning/device-key/1\n{batch}\n{serial_number}\n".encode()


def proof_message(batch: str, serial_number: str, public_key: bytes) -> bytes:
    """What a proof is a MAC or a signature of: it is worth nothing for another key.

    Args:
        batch: The batch.
        serial_number: The serial number.
        public_key: The public key of the device's certificate, as ``SubjectPublicKeyInfo`` in DER
            (https://datatracker.ietf.org/doc/html/rfc5280#section-4.1.2.7).

    Example:
        >>> proof_message("line-4", "A-1", b"key").decode().splitlines()[:3]
        ['device-provisioning/proof/1', 'line-4', 'A-1']
    """
    digest = hashlib.sha256(public_key).hexdigest()
    return f"device-provisioning/proof/1\n{batch}\n{serial_number}\n{digest}\n".encode()


def device_mac(device_key: bytes, batch: str, serial_number: str, public_key: bytes) -> bytes:
    """The MAC with which a device proves itself by its own key.

    Args:
        device_key: The key of the device, 32 bytes.
        batch: The batch.
        serial_number: The serial number.
        public_key: The public key of its certificate, as ``SubjectPublicKeyInfo`` in DER.
    """
    return hmac.digest(device_key, proof_message(batch, serial_number, public_key), "sha256")
