"""The parameters that just-in-time provisioning, and IoTDA, take from a certificate."""

from pathlib import Path

from pydantic.alias_generators import to_snake

from ..console.sources import UnreadableError
from ..iotda import CertificateField

# The fields as https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html names them, with
# their object identifiers (RFC 5280, appendix A).
# IoTDA has the same fields.
FIELDS = {
    "Country": "2.5.4.6",
    "Organization": "2.5.4.10",
    "OrganizationalUnit": "2.5.4.11",
    "DistinguishedNameQualifier": "2.5.4.46",
    "StateName": "2.5.4.8",
    "CommonName": "2.5.4.3",
    "SerialNumber": "2.5.4.5",
}


def subject_parameters(file: str) -> dict[str, str]:
    """The reserved parameters of AWS IoT that a certificate's subject has a value for: see ``_subject``."""
    return {f"AWS::IoT::Certificate::{name}": value for name, value in _subject(file).items()}


def iotda_parameters(file: str) -> dict[str, str]:
    """The reserved parameters of IoTDA that a certificate's subject has a value for: see ``_subject``."""
    return {str(CertificateField[_snake(name)]): value for name, value in _subject(file).items()}


def _subject(file: str) -> dict[str, str]:
    """The fields that a certificate's subject has a value for.

    Of a field that stands in the subject several times the first counts: which one is taken is documented
    neither by AWS nor by Huawei.

    Args:
        file: A certificate in PEM; the first, if there are several.

    Raises:
        UnreadableError: If there is none.
    """
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(Path(file).read_bytes())
        subject = list(certificate.subject)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise UnreadableError(f"{file}: contains no certificate in PEM: {_first_line(error)}") from None
    found = {attribute.oid.dotted_string: str(attribute.value) for attribute in reversed(subject)}
    return {name: found[identifier] for name, identifier in FIELDS.items() if identifier in found}


def _snake(name: str) -> str:
    return to_snake(name).upper()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
