"""Those who sign the keys of devices: a key in a file, or one in AWS KMS."""

from typing import Any, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..console.sources import UnreadableError
from .files import content_of
from .kms import KmsKey
from .public_keys import PublicKey, required_signer


class Signer(Protocol):
    """A key of a manufacturer."""

    @property
    def public_key(self) -> PublicKey:
        """Its public key."""

    def sign(self, message: bytes) -> bytes:
        """A signature over SHA-256: ECDSA in DER, or RSA with PKCS #1 v1.5."""


def signer_of(key: str | None, password_file: str | None, kms_key: str | None) -> Signer:
    """The key that is given.

    Args:
        key: A file of a private key in PEM.
        password_file: A file of its password.
        kms_key: The id, ARN or alias of a key in AWS KMS.

    Raises:
        UnreadableError: If not exactly one is given, or it can't be read or used.
    """
    if (key is None) == (kms_key is None):
        raise UnreadableError("give the manufacturer's key by --key or by --kms-key")
    if kms_key is not None:
        if password_file is not None:
            raise UnreadableError("--password-file is for --key: leave it out")
        return KmsSigner(kms_key)
    return FileSigner(str(key), password_file)


class FileSigner:
    """A key of a file.

    Args:
        file: The file, in PEM.
        password_file: A file of its password; none by default.

    Raises:
        UnreadableError: If it can't be read, or the hook would refuse what it signs.
    """

    def __init__(self, file: str, password_file: str | None = None) -> None:
        password = content_of(password_file).rstrip(b"\r\n") if password_file is not None else None
        self._key = _private_key(file, content_of(file), password)
        self.public_key = required_signer(self._key.public_key(), file)

    def sign(self, message: bytes) -> bytes:
        """A signature."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return bytes(self._key.sign(message, ec.ECDSA(hashes.SHA256())))


class KmsSigner:
    """A key in AWS KMS.

    Args:
        key: Its id, ARN or alias.

    Raises:
        UnreadableError: If it can't be used, or the hook would refuse what it signs.
    """

    def __init__(self, key: str) -> None:
        self._key = KmsKey(key)
        self.public_key = self._key.public_key()

    def sign(self, message: bytes) -> bytes:
        """A signature.

        Raises:
            UnreadableError: If AWS KMS refuses.
        """
        is_rsa = isinstance(self.public_key, rsa.RSAPublicKey)
        return self._key.sign(message, "RSASSA_PKCS1_V1_5_SHA_256" if is_rsa else "ECDSA_SHA_256")


def _private_key(file: str, content: bytes, password: bytes | None) -> Any:
    try:
        return serialization.load_pem_private_key(content, password)
    except TypeError:
        if password is None:
            raise UnreadableError(f"{file}: is encrypted: give --password-file") from None
        raise UnreadableError(f"{file}: is not encrypted: leave out --password-file") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = "" if password is None else ", or the password is another one"
        raise UnreadableError(f"{file}: contains no private key in PEM{wrong}") from None
