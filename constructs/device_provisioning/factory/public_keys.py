"""Public keys, as devices and manufacturers have them: alone, in a CSR, in a certificate."""

from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..console.sources import UnreadableError
from .files import content_of

LEAST_RSA_BITS = 2048
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
_PEM = b"-----BEGIN"


def device_public_key(*, public_key: str | None, csr: str | None, certificate: str | None) -> bytes:
    """The public key of a device, as ``SubjectPublicKeyInfo`` in DER.

    Args:
        public_key: A file of the key alone, in PEM or DER.
        csr: A file of a CSR, in PEM or DER.
        certificate: A file of a certificate, in PEM or DER.

    Raises:
        UnreadableError: If not exactly one is given, or it can't be read, or holds another kind of key.
    """
    given = [
        (read, file)
        for read, file in ((_alone, public_key), (_of_csr, csr), (_of_certificate, certificate))
        if file is not None
    ]
    if len(given) != 1:
        raise UnreadableError("give the device's key by one of --public-key, --csr and --certificate")
    [(read, file)] = given
    return der_of(_supported(read(file), file))


def maker_public_key(file: str) -> PublicKey:
    """The public key of a manufacturer, in PEM or DER.

    Raises:
        UnreadableError: If the file can't be read, or the hook would refuse the key.
    """
    return required_signer(_alone(file), file)


def public_key_text(file: str) -> str:
    """The public key of a manufacturer, in PEM.

    Raises:
        UnreadableError: If the file can't be read, or the hook would refuse the key.
    """
    pem, kind = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return maker_public_key(file).public_bytes(pem, kind).decode()


def required_signer(key: Any, subject: str) -> PublicKey:
    """A key that may sign those of devices.

    Raises:
        UnreadableError: If it is of another kind.
    """
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return key
    raise UnreadableError(
        f"{subject}: give a key on the curve P-256, or RSA of at least {LEAST_RSA_BITS} bits"
    )


def der_of(key: PublicKey) -> bytes:
    """A key as ``SubjectPublicKeyInfo`` in DER."""
    der, kind = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(der, kind)


def is_signed_by(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether a signature over SHA-256, ECDSA in DER or RSA with PKCS #1 v1.5, is that of a key."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _alone(file: str) -> Any:
    return _read(file, "public key", serialization.load_pem_public_key, serialization.load_der_public_key)


def _of_csr(file: str) -> Any:
    csr = _read(file, "CSR", x509.load_pem_x509_csr, x509.load_der_x509_csr)
    if not csr.is_signature_valid:
        raise UnreadableError(f"{file}: is not signed with its own key: have the device make it again")
    return csr.public_key()


def _of_certificate(file: str) -> Any:
    read = _read(file, "certificate", x509.load_pem_x509_certificate, x509.load_der_x509_certificate)
    return read.public_key()


def _read(file: str, what: str, pem: Callable[[bytes], Any], der: Callable[[bytes], Any]) -> Any:
    content = content_of(file)
    try:
        return pem(content) if content.lstrip().startswith(_PEM) else der(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnreadableError(f"{file}: contains no {what} in PEM or DER") from None


def _supported(key: Any, file: str) -> PublicKey:
    if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return key
    raise UnreadableError(f"{file}: AWS IoT accepts devices with EC and RSA keys only")
