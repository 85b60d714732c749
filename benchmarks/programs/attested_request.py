"""The request of a device that proves itself by a derived key."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device_provisioning.attestation.proof import (
    MAC_ALGORITHM,
    PROOF_PARAMETER,
    Proof,
    device_mac,
    key_message,
    proof_text,
)
from device_provisioning.certificates.authority import create_authority

from .hook_request import a_request, serial_number

BATCH = "line-4"


def device_keys(kms: Any, key: str, numbers: Iterable[int]) -> dict[int, bytes]:
    """The keys of devices, as the factory derives them."""

    def derived(number: int) -> bytes:
        message = key_message(BATCH, serial_number(number))
        return bytes(kms.generate_mac(KeyId=key, Message=message, MacAlgorithm=MAC_ALGORITHM)["Mac"])

    return {number: derived(number) for number in numbers}


def an_attested_request(number: int, keys: Mapping[int, bytes]) -> dict[str, Any]:
    """What AWS IoT sends for a device with one of the keys."""
    pem, public_key = _certificate()
    mac = device_mac(keys[number], BATCH, serial_number(number), public_key)
    request = a_request(number)
    parameters = {**request["parameters"], PROOF_PARAMETER: proof_text(Proof(BATCH, mac))}
    return {**request, "certificatePem": pem, "parameters": parameters}


@cache
def _certificate() -> tuple[str, bytes]:
    """One certificate for all, as the hook knows them by their ids."""
    pem = create_authority("Bench", 10).certificate_pem
    key = x509.load_pem_x509_certificate(pem).public_key()
    return pem.decode(), key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
