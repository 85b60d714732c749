"""The code by which an account proves that it holds the key of a CA."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..aws_iot.limits import REGISTRATION_CODE
from .sources import UnreadableError


def registration_code_subject(code: str) -> x509.Name:
    """The subject of the verification certificate.

    Raises:
        UnreadableError: If the code is no registration code.
    """
    if REGISTRATION_CODE.problem(code):
        raise UnreadableError(
            f"CODE {code!r}: give the 64 hexadecimal digits that `aws iot get-registration-code` answers"
        )
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, code)])
