"""Who may register, decided before anything is changed."""

import re

from ...openssl.reasons import OpenSSLError
from . import openssl
from .reasons import Denied, Failed, Reason

CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
THING_NAME = re.compile("[a-zA-Z0-9:_-]{1,128}")
_OF_THE_DEVICE = frozenset({openssl.SIGNATURE, openssl.NOT_YET_VALID, openssl.EXPIRED, openssl.REVOKED})


def judge(certificate: bytes, authority: bytes, revocation_list: bytes | None) -> None:
    """Let a certificate pass that the CA signed, that is valid and that is not revoked.

    Raises:
        Denied: If it is not.
        Failed: If that can't be told, for example because the revocation list is out of date.
    """
    try:
        verdict = openssl.verify(certificate, authority, revocation_list)
    except OpenSSLError as error:
        raise Failed(str(error)) from None
    if verdict.error_code in _OF_THE_DEVICE:
        raise Denied(verdict.text)
    if verdict.error_code != openssl.OK:
        raise Failed(verdict.text)


def thing_name(certificate: bytes, prefix: str) -> str:
    """The common name, which becomes the name of the thing.

    Raises:
        Denied: If there is not exactly one, or it can't be the name of one of the things.
        Failed: If the certificate can't be read.
    """
    try:
        names = openssl.common_names(certificate)
    except OpenSSLError as error:
        raise Failed(str(error)) from None
    if len(names) != 1:
        raise Denied(Reason.COMMON_NAMES.format(number=len(names)))
    if not THING_NAME.fullmatch(names[0]):
        raise Denied(Reason.MALFORMED_COMMON_NAME)
    if not names[0].startswith(prefix):
        raise Denied(Reason.WRONG_PREFIX.format(prefix=prefix))
    return names[0]
