"""Devices that prove themselves, and what tests sign and derive for them."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.support.certificates import an_authority, subject
from tests.support.hooks import a_request

BATCH = "line-4"


def a_key():
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key):
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def statement(batch, serial_number, key):
    """What a proof is made of, as the guide has it: put together here without the library."""
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    lines = ["device-provisioning/proof/1", batch, serial_number, hashlib.sha256(der).hexdigest(), ""]
    return "\n".join(lines).encode()


def text(batch, value):
    return f"{batch}.{base64.urlsafe_b64encode(value).decode().rstrip('=')}"


def derived_key(kms, key_id, batch, serial_number):
    """A device's key, as the factory has it derived."""
    message = f"device-provisioning/device-key/1\n{batch}\n{serial_number}\n".encode()
    return kms.generate_mac(KeyId=key_id, Message=message, MacAlgorithm="HMAC_SHA_256")["Mac"]


def authenticated(device_key, serial_number, key, batch=BATCH):
    """The proof of a device with a derived key."""
    return text(batch, hmac.digest(device_key, statement(batch, serial_number, key), "sha256"))


def signed(maker, serial_number, key, batch=BATCH):
    """The proof that a manufacturer signed."""
    message = statement(batch, serial_number, key)
    if isinstance(maker, rsa.RSAPrivateKey):
        return text(batch, maker.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    return text(batch, maker.sign(message, ec.ECDSA(hashes.SHA256())))


class Bench:
    """AWS IoT as far as it signs: requests of devices with keys of their own."""

    def __init__(self):
        self._authority = an_authority()

    def request(self, serial_number, key, proof=None, **more):
        """The event of a device that registers the certificate of a key."""
        certificate = self._authority.issue(subject("AWS IoT Certificate"), 1, key).certificate_pem.decode()
        parameters = {"SerialNumber": serial_number, **({"Proof": proof} if proof is not None else {})}
        return a_request(serial_number, certificatePem=certificate, parameters=parameters, **more)
