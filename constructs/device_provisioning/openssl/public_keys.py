"""Public keys: the one of a certificate, and what was signed with the private one."""

import ctypes
from contextlib import ExitStack
from typing import Any

from .library import certificate_of, memory, owned, require, session
from .reasons import OpenSSLError, OpenSSLReason

_KINDS = ((b"RSA", 2048), (b"EC", 256))
"""Kinds of keys that are accepted, each with the fewest bits."""


def public_key_of(certificate: bytes) -> bytes:
    """The public key of a certificate, as ``SubjectPublicKeyInfo`` in DER.

    Args:
        certificate: The certificate in PEM.

    Raises:
        OpenSSLError: If it can't be read.
    """
    with session() as (library, stack):
        key = library.X509_get_X509_PUBKEY(certificate_of(library, stack, certificate))
        content = ctypes.c_void_p()
        length = library.i2d_X509_PUBKEY(key, ctypes.byref(content))
        if length <= 0:
            raise OpenSSLError(OpenSSLReason.UNREADABLE.format(what="the public key"))
        stack.callback(library.CRYPTO_free, content, b"", 0)
        return ctypes.string_at(content, length)


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether a signature over SHA-256, ECDSA in DER or RSA with PKCS #1 v1.5, is that of a key.

    Args:
        message: What was signed.
        signature: The signature.
        public_key: The public key, in PEM or as ``SubjectPublicKeyInfo`` in DER: RSA of at least 2,048 bits,
            or EC of at least 256.

    Raises:
        OpenSSLError: If the key can't be read, or is of another kind.
    """
    with session() as (library, stack):
        key = _public_key(library, stack, public_key)
        context = owned(stack, library.EVP_MD_CTX_new(), library.EVP_MD_CTX_free, "a context")
        require(library.EVP_DigestVerifyInit(context, None, library.EVP_sha256(), None, key))
        done = library.EVP_DigestVerify(context, signature, len(signature), message, len(message))
        return bool(done == 1)


def _public_key(library: Any, stack: ExitStack, content: bytes) -> int:
    file = memory(library, stack, content)
    if content.lstrip().startswith(b"-----BEGIN"):
        read = library.PEM_read_bio_PUBKEY(file, None, None, None)
    else:
        read = library.d2i_PUBKEY_bio(file, None)
    key = owned(stack, read, library.EVP_PKEY_free, "the public key")
    if not any(
        library.EVP_PKEY_is_a(key, kind) == 1 and library.EVP_PKEY_get_bits(key) >= bits
        for kind, bits in _KINDS
    ):
        raise OpenSSLError(OpenSSLReason.UNREADABLE.format(what="a public key of this kind"))
    return key
