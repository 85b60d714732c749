"""X.509 certificates, read with ``cryptography``, which the extra ``iotda`` brings."""

from datetime import datetime

from .client.device_cas import CertificateIdentity

# The object identifier of the common name (RFC 5280, appendix A).
_COMMON_NAME = "2.5.4.3"


def certificate_identity(pem: str) -> CertificateIdentity:
    """What IoTDA lists of a certificate: its common name and how long it is valid.

    Args:
        pem: The certificate.

    Raises:
        ImportError: If the package ``cryptography`` is missing.
        ValueError: If it is not a certificate in PEM, or has no common name.
    """
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        subject = [(each.oid.dotted_string, str(each.value)) for each in certificate.subject]
    except ValueError:
        raise ValueError(
            "the device CA is not a certificate in PEM: give the text of the certificate"
        ) from None
    names = [value for identifier, value in subject if identifier == _COMMON_NAME]
    if not names:
        raise ValueError("the device CA's certificate has no common name: IoTDA distinguishes CAs by it")
    dates = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return CertificateIdentity(names[0], *(_written(date) for date in dates))


def _written(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")
