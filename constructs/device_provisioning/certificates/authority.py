"""A certificate authority for a test bench: what it signs.

Keys are on the curve P-256 and signatures are ECDSA with SHA-256, which AWS IoT and its device SDKs accept:
https://docs.aws.amazon.com/iot/latest/developerguide/x509-client-certs.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..console.sources import UnreadableError

CLOCK_SKEW = timedelta(hours=1)
_NO_USE = dict.fromkeys(
    (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, in PEM."""

    certificate_pem: bytes
    private_key_pem: bytes


@dataclass(frozen=True)
class Authority:
    """A CA that can sign.

    Args:
        certificate: Its certificate.
        key: Its key.
    """

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    def issue(self, subject: x509.Name, days: int, key: ec.EllipticCurvePrivateKey | None = None) -> Issued:
        """A device's certificate, with a new key unless one is given."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(subject, self.certificate.subject, key, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(_authority_key(self.key), critical=False)
        )
        return _issued(builder.sign(self.key, hashes.SHA256()), key)

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether this CA, and no other of the same name, signed a certificate other than its own."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return certificate != self.certificate

    def ends_before(self, days: int) -> datetime | None:
        """When its certificate ends, if that is more than a day before some days have passed.

        What a new CA issues for as long as itself ends a moment after it.
        """
        end = self.certificate.not_valid_after_utc
        return end if end + timedelta(days=1) < datetime.now(UTC) + timedelta(days=days) else None

    def revocation_list(self, revoked: Sequence[x509.Certificate], days: int) -> bytes:
        """A signed list, in PEM, of certificates that are revoked; it is to be replaced within some days."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - CLOCK_SKEW)
            .next_update(now + timedelta(days=days))
            .add_extension(_authority_key(self.key), critical=False)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def create_authority(common_name: str, days: int) -> Issued:
    """A CA that signs itself, and only devices: none of them can be a CA.

    Raises:
        UnreadableError: If the name is empty or longer than 64 characters.
    """
    try:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    except ValueError:
        raise UnreadableError(f"--common-name {common_name!r}: give 1 to 64 characters") from None
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(subject, subject, key, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return _issued(builder.sign(key, hashes.SHA256()), key)


def load_authority(certificate_file: str, key_file: str) -> Authority:
    """Read a CA.

    Raises:
        UnreadableError: If a file is none of that, or the two don't belong together.
    """
    certificate = load_certificate(certificate_file)
    content = _read(key_file)
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnreadableError(f"{key_file}: contains no private key in PEM that is not encrypted") from None
    if key.public_key() != certificate.public_key():
        raise UnreadableError(f"{key_file}: is not the key of {certificate_file}")
    try:
        is_ca = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_ca = False
    if not is_ca:
        raise UnreadableError(f"{certificate_file}: is not the certificate of a CA")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnreadableError(f"{key_file}: AWS IoT accepts CAs with EC and RSA keys only")
    return Authority(certificate, key)


def load_certificate(file: str) -> x509.Certificate:
    """Read a certificate.

    Raises:
        UnreadableError: If the file holds none.
    """
    content = _read(file)
    try:
        return x509.load_pem_x509_certificate(content)
    except ValueError:
        raise UnreadableError(f"{file}: contains no certificate in PEM") from None


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableError(f"{file}: cannot be read: {reason}") from None


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        **_NO_USE,
    )


def _authority_key(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _issued(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Issued:
    pem = serialization.Encoding.PEM
    private_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Issued(certificate.public_bytes(pem), private_key)
