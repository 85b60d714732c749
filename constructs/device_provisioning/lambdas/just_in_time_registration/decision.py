"""Who may register, decided before anything is changed."""

import re

from . import openssl

CERTIFICATE_ID = re.compile("[0-9a-f]{64}")
THING_NAME = re.compile("[a-zA-Z0-9:_-]{1,128}")
_OF_THE_DEVICE = frozenset({openssl.SIGNATURE, openssl.NOT_YET_VALID, openssl.EXPIRED, openssl.REVOKED})


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The device may not register; the message is the reason."""


class Failed(Exception):  # noqa: N818  # what makes Lambda deliver the event again
    """It could not be decided or carried out; the message is the reason."""


def judge(certificate: bytes, authority: bytes, revocation_list: bytes | None) -> None:
    """Let a certificate pass that the CA signed, that is valid and that is not revoked.

    Raises:
        Denied: If it is not.
        Failed: If that can't be told, for example because the revocation list is out of date.
    """
    try:
        verdict = openssl.verify(certificate, authority, revocation_list)
    except openssl.OpenSSLError as error:
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
    except openssl.OpenSSLError as error:
        raise Failed(str(error)) from None
    if len(names) != 1:
        raise Denied(f"the certificate has {len(names)} common names")
    if not THING_NAME.fullmatch(names[0]):
        raise Denied("the common name can't be the name of a thing")
    if not names[0].startswith(prefix):
        raise Denied(f"the common name does not begin with {prefix}")
    return names[0]
