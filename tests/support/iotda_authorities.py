"""Device CAs of the tests: keys, certificates, and the certificates that verify them."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from device_provisioning.iotda.certificate import certificate_identity

START = datetime(2026, 1, 1, tzinfo=UTC)


def authority(name):
    """The key of a CA, and its certificate in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return key, _pem(_builder(subject, subject, key).sign(key, hashes.SHA256()))


def verification(key, pem, verify_code):
    """The certificate that shows that a CA's key is at hand."""
    return device_certificate(key, pem, {NameOID.COMMON_NAME: verify_code})


def device_certificate(key, pem, fields):
    """A certificate that a CA signs for a subject."""
    issuer = x509.load_pem_x509_certificate(pem.encode()).subject
    attributes = [
        x509.NameAttribute(oid, value)
        for oid, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    own = ec.generate_private_key(ec.SECP256R1())
    return _pem(_builder(x509.Name(attributes), issuer, own).sign(key, hashes.SHA256()))


def identity_of(pem):
    return certificate_identity(pem)


def _builder(subject, issuer, key):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=3650))
    )


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
