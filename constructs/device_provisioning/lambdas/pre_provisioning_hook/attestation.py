"""Whether a device is the one whose serial number it sends."""

import hmac
from collections.abc import Callable
from typing import Any

from ...attestation.proof import MAC_ALGORITHM, Proof, device_mac, key_message, proof_message
from ...openssl.public_keys import is_signed, public_key_of
from ...openssl.reasons import OpenSSLError
from ...records.batch import PUBLIC_KEY
from ...records.calls import Calls
from ...records.record import Item, plain
from .reasons import Denied, Reason
from .request import Request
from .settings import Attestation


def require_proven(
    request: Request, batch: Item | None, attestation: Attestation, kms: Callable[[], Any], calls: Calls
) -> None:
    """Let a device pass that proves by a key of its batch that it holds the certificate it registers.

    Args:
        request: What it sends.
        batch: The record of the batch that it says it is of, which may have a public key.
        attestation: The keys in AWS KMS.
        kms: Makes a botocore client of AWS KMS.
        calls: Makes calls while there is time.

    Raises:
        Denied: If it does not, for whatever reason, or it can't be told.
        ClientError: If AWS KMS refuses.
    """
    try:
        proven = request.proof and _is_proven(request, request.proof, batch, attestation, kms, calls)
    except OpenSSLError as error:
        raise Denied(Reason.NOT_JUDGED, error=error) from None
    if not proven:
        raise Denied(Reason.NOT_PROVEN)


def _is_proven(
    request: Request,
    proof: Proof,
    batch: Item | None,
    attestation: Attestation,
    kms: Callable[[], Any],
    calls: Calls,
) -> bool:
    public_key = public_key_of(request.certificate.encode())
    if proof.batch in attestation.derived_keys:
        key = attestation.derived_keys[proof.batch]
        device_key = calls.made(lambda: _device_key(kms(), key, proof.batch, request.serial_number))
        expected = device_mac(device_key, proof.batch, request.serial_number, public_key)
        return hmac.compare_digest(expected, proof.value)
    signer = _of_record(batch)
    if proof.batch in attestation.signing_keys:
        key = attestation.signing_keys[proof.batch]
        signer = calls.made(lambda: _public_key(kms(), key))
    message = proof_message(proof.batch, request.serial_number, public_key)
    return signer is not None and is_signed(message, proof.value, signer)


def _device_key(kms: Any, key: str, batch: str, serial_number: str) -> bytes:
    """Derived anew each time (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html)."""
    message = key_message(batch, serial_number)
    return bytes(kms.generate_mac(KeyId=key, Message=message, MacAlgorithm=MAC_ALGORITHM)["Mac"])


def _public_key(kms: Any, key: str) -> bytes:
    """Asked for each time: a key that is disabled is not used any more.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html
    """
    return bytes(kms.get_public_key(KeyId=key)["PublicKey"])


def _of_record(batch: Item | None) -> bytes | None:
    text = plain(batch or {}).get(PUBLIC_KEY)
    return text.encode() if isinstance(text, str) else None
