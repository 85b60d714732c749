"""The OpenSSL that Python's own TLS uses, asked to judge certificates.

Lambda's runtime has no library for X.509, and signatures are not to be checked by code of one's own. The
OpenSSL that the module ``ssl`` is linked with does all of it: chain, validity, signature and age of the list.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from .reasons import Reason

OK, SIGNATURE, NOT_YET_VALID, EXPIRED, REVOKED = 0, 7, 9, 10, 23
"""Of https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/."""
_CRL_CHECK, _PARTIAL_CHAIN = 0x4, 0x80000
_COMMON_NAME = 13
_MAJOR_VERSION = 3
"""Codes, flags and functions are those of https://docs.openssl.org/3.0/; another library may mean others."""

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "ASN1_STRING_to_UTF8": (_INT, [_POINTER, _POINTER]),
    "BIO_free": (_INT, [_POINTER]),
    "BIO_new_mem_buf": (_POINTER, [ctypes.c_char_p, _INT]),
    "CRYPTO_free": (None, [_POINTER, ctypes.c_char_p, _INT]),
    "ERR_clear_error": (None, []),
    "OpenSSL_version_num": (ctypes.c_ulong, []),
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
    "X509_get_subject_name": (_POINTER, [_POINTER]),
    "X509_verify_cert": (_INT, [_POINTER]),
    "X509_verify_cert_error_string": (ctypes.c_char_p, [ctypes.c_long]),
    "d2i_X509_CRL_bio": (_POINTER, [_POINTER, _POINTER]),
}


class OpenSSLError(Exception):
    """Something could not be read, or OpenSSL can't be reached; the message says which."""


@dataclass(frozen=True)
class Verdict:
    """What OpenSSL says of a certificate: an error code, 0 for none, and its text."""

    error_code: int
    text: str


def verify(certificate: bytes, authority: bytes, revocation_list: bytes | None) -> Verdict:
    """Judge a certificate: signed by the CA, valid today, and not on the CA's signed and current list.

    Args:
        certificate: The certificate in PEM.
        authority: The CA's certificate in PEM.
        revocation_list: The CA's revocation list in PEM or DER; without one, nothing is revoked.

    Raises:
        OpenSSLError: If something of it can't be read.
    """
    with _session() as (library, stack):
        store = _owned(stack, library.X509_STORE_new(), library.X509_STORE_free, "a store")
        _require(library.X509_STORE_add_cert(store, _certificate(library, stack, authority)))
        flags = _PARTIAL_CHAIN
        if revocation_list is not None:
            _require(library.X509_STORE_add_crl(store, _revocation_list(library, stack, revocation_list)))
            flags |= _CRL_CHECK
        _require(library.X509_STORE_set_flags(store, flags))
        context = _owned(stack, library.X509_STORE_CTX_new(), library.X509_STORE_CTX_free, "a context")
        leaf = _certificate(library, stack, certificate)
        _require(library.X509_STORE_CTX_init(context, store, leaf, None))
        verified = library.X509_verify_cert(context)
        code = library.X509_STORE_CTX_get_error(context)
        if verified != 1 and code == OK:
            raise OpenSSLError(Reason.NOT_JUDGED)
        return Verdict(code, library.X509_verify_cert_error_string(code).decode())


def common_names(certificate: bytes) -> list[str]:
    """Every common name of a certificate's subject.

    Raises:
        OpenSSLError: If it can't be read.
    """
    with _session() as (library, stack):
        subject = library.X509_get_subject_name(_certificate(library, stack, certificate))
        names, index = [], -1
        while (index := library.X509_NAME_get_index_by_NID(subject, _COMMON_NAME, index)) >= 0:
            entry = library.X509_NAME_get_entry(subject, index)
            names.append(_text(library, library.X509_NAME_ENTRY_get_data(entry)))
        return names


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(getattr(import_module("_ssl"), "__file__", None))
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (ImportError, OSError, AttributeError) as error:
        raise OpenSSLError(Reason.NO_OPENSSL.format(error=error)) from None
    _require_version(library.OpenSSL_version_num())
    return library


def _require_version(number: int) -> None:
    # https://docs.openssl.org/3.0/man3/OPENSSL_VERSION_NUMBER/
    major = number >> 28
    if major != _MAJOR_VERSION:
        raise OpenSSLError(Reason.OTHER_OPENSSL.format(version=major, known=_MAJOR_VERSION))


@contextmanager
def _session() -> Iterator[tuple[Any, ExitStack]]:
    library = _library()
    with ExitStack() as stack:
        # What is left in the queue of errors would be taken for an error of the next TLS connection.
        stack.callback(library.ERR_clear_error)
        yield library, stack


def _certificate(library: Any, stack: ExitStack, pem: bytes) -> int:
    read = library.PEM_read_bio_X509(_memory(library, stack, pem), None, None, None)
    return _owned(stack, read, library.X509_free, "the certificate")


def _revocation_list(library: Any, stack: ExitStack, content: bytes) -> int:
    memory = _memory(library, stack, content)
    if content.lstrip().startswith(b"-----BEGIN"):
        read = library.PEM_read_bio_X509_CRL(memory, None, None, None)
    else:
        read = library.d2i_X509_CRL_bio(memory, None)
    return _owned(stack, read, library.X509_CRL_free, "the revocation list")


def _memory(library: Any, stack: ExitStack, content: bytes) -> int:
    return _owned(stack, library.BIO_new_mem_buf(content, len(content)), library.BIO_free, "memory")


def _text(library: Any, value: int) -> str:
    text = ctypes.c_void_p()
    length = library.ASN1_STRING_to_UTF8(ctypes.byref(text), value)
    if length < 0:
        raise OpenSSLError(Reason.UNREADABLE.format(what="a common name"))
    try:
        return ctypes.string_at(text, length).decode()
    except UnicodeDecodeError:
        raise OpenSSLError(Reason.UNREADABLE.format(what="a common name")) from None
    finally:
        library.CRYPTO_free(text, b"", 0)


def _owned(stack: ExitStack, pointer: int | None, free: Callable[[int], Any], what: str) -> int:
    if not pointer:
        raise OpenSSLError(Reason.UNREADABLE.format(what=what))
    stack.callback(free, pointer)
    return pointer


def _require(done: int) -> None:
    if done != 1:
        raise OpenSSLError(Reason.REFUSED_BY_OPENSSL)
