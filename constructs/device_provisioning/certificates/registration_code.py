"""The code by which somebody proves that they hold the key of a CA."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from ..aws_iot.limits import REGISTRATION_CODE
from ..console.sources import UnreadableError
from ..iotda.limits import VERIFY_CODE


def registration_code_subject(code: str, *, iotda: bool = False) -> x509.Name:
    """The subject of the verification certificate.

    Args:
        code: The code.
        iotda: Whether it is of Huawei Cloud IoTDA; of AWS IoT by default.

    Raises:
        UnreadableError: If the code is none of theirs.
    """
    limit, right = (
        (VERIFY_CODE, "the verify code that IoTDA answers for the CA")
        if iotda
        else (REGISTRATION_CODE, "the 64 hexadecimal digits that `aws iot get-registration-code` answers")
    )
    if limit.problem(code):
        raise UnreadableError(f"CODE {code!r}: give {right}")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, code)])
