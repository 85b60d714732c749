"""The parameters that just-in-time provisioning takes from a certificate."""

from pathlib import Path

from .sources import UnreadableError

# The fields as https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html names them, with
# their object identifiers (RFC 5280, appendix A).
_FIELDS = {
    "Country": "2.5.4.6",
    "Organization": "2.5.4.10",
    "OrganizationalUnit": "2.5.4.11",
    "DistinguishedNameQualifier": "2.5.4.46",
    "StateName": "2.5.4.8",
    "CommonName": "2.5.4.3",
    "SerialNumber": "2.5.4.5",
}


def subject_parameters(file: str) -> dict[str, str]:
    """The reserved parameters that a certificate's subject has a value for.

    Of a field that stands in the subject several times the first counts: which one AWS IoT takes is not
    documented.

    Args:
        file: A certificate in PEM; the first, if there are several.

    Raises:
        UnreadableError: If there is none, or the package ``cryptography`` is missing.
    """
    try:
        from cryptography import x509
    except ImportError:
        raise UnreadableError(
            "--certificate needs the package cryptography: pip install 'device-provisioning[local]'"
        ) from None
    try:
        certificate = x509.load_pem_x509_certificate(Path(file).read_bytes())
        subject = list(certificate.subject)
    except OSError as error:
        raise UnreadableError(f"{file}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise UnreadableError(f"{file}: holds no certificate in PEM: {_first_line(error)}") from None
    found = {attribute.oid.dotted_string: str(attribute.value) for attribute in reversed(subject)}
    return {
        f"AWS::IoT::Certificate::{name}": found[identifier]
        for name, identifier in _FIELDS.items()
        if identifier in found
    }


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
