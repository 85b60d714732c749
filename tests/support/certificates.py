"""Certificates of a CA, made in memory."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from device_provisioning.certificates.authority import Authority, create_authority


def an_authority(name="Bench"):
    """A CA that can sign."""
    made = create_authority(name, 10)
    key = serialization.load_pem_private_key(made.private_key_pem, None)
    return Authority(x509.load_pem_x509_certificate(made.certificate_pem), key)


def pem_of(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def subject(*common_names):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in common_names])


def revoked(authority, *certificates, days=1):
    """The CA's revocation list; with days below 0 it is out of date."""
    if days > 0:
        return authority.revocation_list([x509.load_pem_x509_certificate(pem) for pem in certificates], days)
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(now - timedelta(days=3)).next_update(now + timedelta(days=days))
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
