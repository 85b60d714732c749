"""Certificates, judged by the OpenSSL that Python's own TLS uses: chain, validity, signature, revocation."""

import ctypes
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from ...openssl.library import certificate_of, memory, owned, require, session
from ...openssl.reasons import OpenSSLError, OpenSSLReason
from .reasons import Reason

OK, SIGNATURE, NOT_YET_VALID, EXPIRED, REVOKED = 0, 7, 9, 10, 23
"""Of https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/."""
_CRL_CHECK, _PARTIAL_CHAIN = 0x4, 0x80000
_COMMON_NAME = 13


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
    with session() as (library, stack):
        store = owned(stack, library.X509_STORE_new(), library.X509_STORE_free, "a store")
        require(library.X509_STORE_add_cert(store, certificate_of(library, stack, authority)))
        flags = _PARTIAL_CHAIN
        if revocation_list is not None:
            require(library.X509_STORE_add_crl(store, _revocation_list(library, stack, revocation_list)))
            flags |= _CRL_CHECK
        require(library.X509_STORE_set_flags(store, flags))
        context = owned(stack, library.X509_STORE_CTX_new(), library.X509_STORE_CTX_free, "a context")
        leaf = certificate_of(library, stack, certificate)
        require(library.X509_STORE_CTX_init(context, store, leaf, None))
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
    with session() as (library, stack):
        subject = library.X509_get_subject_name(certificate_of(library, stack, certificate))
        names, index = [], -1
        while (index := library.X509_NAME_get_index_by_NID(subject, _COMMON_NAME, index)) >= 0:
            entry = library.X509_NAME_get_entry(subject, index)
            names.append(_text(library, library.X509_NAME_ENTRY_get_data(entry)))
        return names


def _revocation_list(library: Any, stack: ExitStack, content: bytes) -> int:
    file = memory(library, stack, content)
    if content.lstrip().startswith(b"-----BEGIN"):
        read = library.PEM_read_bio_X509_CRL(file, None, None, None)
    else:
        read = library.d2i_X509_CRL_bio(file, None)
    return owned(stack, read, library.X509_CRL_free, "the revocation list")


def _text(library: Any, value: int) -> str:
    text = ctypes.c_void_p()
    length = library.ASN1_STRING_to_UTF8(ctypes.byref(text), value)
    if length < 0:
        raise OpenSSLError(OpenSSLReason.UNREADABLE.format(what="a common name"))
    try:
        return ctypes.string_at(text, length).decode()
    except UnicodeDecodeError:
        raise OpenSSLError(OpenSSLReason.UNREADABLE.format(what="a common name")) from None
    finally:
        library.CRYPTO_free(text, b"", 0)
