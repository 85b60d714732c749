"""The library itself: found, and its functions with their types.

Lambda's runtime has no library for X.509, and signatures are not to be checked by code of one's own. The
OpenSSL that the module ``ssl`` is linked with does all of it.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from typing import Any

from .reasons import OpenSSLError, OpenSSLReason

MAJOR_VERSION = 3
"""Codes, flags and functions are those of https://docs.openssl.org/3.0/; another library may mean others."""

_POINTER, _INT, _SIZE = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "ASN1_STRING_to_UTF8": (_INT, [_POINTER, _POINTER]),
    "BIO_free": (_INT, [_POINTER]),
    "BIO_new_mem_buf": (_POINTER, [ctypes.c_char_p, _INT]),
    "CRYPTO_free": (None, [_POINTER, ctypes.c_char_p, _INT]),
    "ERR_clear_error": (None, []),
    "EVP_DigestVerify": (_INT, [_POINTER, ctypes.c_char_p, _SIZE, ctypes.c_char_p, _SIZE]),
    "EVP_DigestVerifyInit": (_INT, [_POINTER] * 5),
    "EVP_MD_CTX_free": (None, [_POINTER]),
    "EVP_MD_CTX_new": (_POINTER, []),
    "EVP_PKEY_free": (None, [_POINTER]),
    "EVP_PKEY_get_bits": (_INT, [_POINTER]),
    "EVP_PKEY_is_a": (_INT, [_POINTER, ctypes.c_char_p]),
    "EVP_sha256": (_POINTER, []),
    "OpenSSL_version_num": (ctypes.c_ulong, []),
    "PEM_read_bio_PUBKEY": (_POINTER, [_POINTER] * 4),
    "PEM_read_bio_X509": (_POINTER, [_POINTER] * 4),
    "PEM_read_bio_X509_CRL": (_POINTER, [_POINTER] * 4),
    "X509_CRL_free": (None, [_POINTER]),
    "X509_NAME_ENTRY_get_data": (_POINTER, [_POINTER]),
    "X509_NAME_get_entry": (_POINTER, [_POINTER, _INT]),
    "X509_NAME_get_index_by_NID": (_INT, [_POINTER, _INT, _INT]),
    "X509_STORE_CTX_free": (None, [_POINTER]),
    "X509_STORE_CTX_get_error": (_INT, [_POINTER]),
    "X509_STORE_CTX_init": (_INT, [_POINTER] * 4),
    "X509_STORE_CTX_new": (_POINTER, []),
    "X509_STORE_add_cert": (_INT, [_POINTER, _POINTER]),
    "X509_STORE_add_crl": (_INT, [_POINTER, _POINTER]),
    "X509_STORE_free": (None, [_POINTER]),
    "X509_STORE_new": (_POINTER, []),
    "X509_STORE_set_flags": (_INT, [_POINTER, ctypes.c_ulong]),
    "X509_free": (None, [_POINTER]),
    "X509_get_X509_PUBKEY": (_POINTER, [_POINTER]),
    "X509_get_subject_name": (_POINTER, [_POINTER]),
    "X509_verify_cert": (_INT, [_POINTER]),
    "X509_verify_cert_error_string": (ctypes.c_char_p, [ctypes.c_long]),
    "d2i_PUBKEY_bio": (_POINTER, [_POINTER, _POINTER]),
    "d2i_X509_CRL_bio": (_POINTER, [_POINTER, _POINTER]),
    "i2d_X509_PUBKEY": (_INT, [_POINTER, _POINTER]),
}


@contextmanager
def session() -> Iterator[tuple[Any, ExitStack]]:
    """The library, and a stack of what is to be freed.

    Raises:
        OpenSSLError: If it can't be reached, or is of another version.
    """
    found = library()
    with ExitStack() as stack:
        # What is left in the queue of errors would be taken for an error of the next TLS connection.
        stack.callback(found.ERR_clear_error)
        yield found, stack


@cache
def library() -> ctypes.CDLL:
    """The library.

    Raises:
        OpenSSLError: If it can't be reached, or is of another version.
    """
    try:
        found = ctypes.CDLL(getattr(import_module("_ssl"), "__file__", None))
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (ImportError, OSError, AttributeError) as error:
        raise OpenSSLError(OpenSSLReason.NOT_REACHED.format(error=error)) from None
    require_version(found.OpenSSL_version_num())
    return found


def require_version(number: int) -> None:
    """Refuse another version than the one whose codes are known.

    Args:
        number: As of https://docs.openssl.org/3.0/man3/OPENSSL_VERSION_NUMBER/.

    Raises:
        OpenSSLError: If it is another.
    """
    if (major := number >> 28) != MAJOR_VERSION:
        raise OpenSSLError(OpenSSLReason.OTHER_VERSION.format(version=major, known=MAJOR_VERSION))


def certificate_of(found: Any, stack: ExitStack, pem: bytes) -> int:
    """A certificate, until the stack is closed.

    Raises:
        OpenSSLError: If it can't be read.
    """
    read = found.PEM_read_bio_X509(memory(found, stack, pem), None, None, None)
    return owned(stack, read, found.X509_free, "the certificate")


def memory(found: Any, stack: ExitStack, content: bytes) -> int:
    """A file that is in memory, until the stack is closed."""
    return owned(stack, found.BIO_new_mem_buf(content, len(content)), found.BIO_free, "memory")


def owned(stack: ExitStack, pointer: int | None, free: Callable[[int], Any], what: str) -> int:
    """What OpenSSL made, until the stack is closed.

    Raises:
        OpenSSLError: If it made nothing.
    """
    if not pointer:
        raise OpenSSLError(OpenSSLReason.UNREADABLE.format(what=what))
    stack.callback(free, pointer)
    return pointer


def require(done: int) -> None:
    """Refuse to go on after what OpenSSL did not do.

    Raises:
        OpenSSLError: If it did not.
    """
    if done != 1:
        raise OpenSSLError(OpenSSLReason.REFUSED)
