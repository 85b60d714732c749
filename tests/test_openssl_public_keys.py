"""Keys and signatures as OpenSSL sees them, against the library that tests sign with."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from device_provisioning.openssl.library import library
from device_provisioning.openssl.public_keys import is_signed, public_key_of
from device_provisioning.openssl.reasons import OpenSSLError
from tests.support.certificates import an_authority, subject
from tests.support.proving import a_key, public_pem

MESSAGE = b"a message"


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def der(key):
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def ecdsa(key, algorithm=None):
    return key.sign(MESSAGE, ec.ECDSA(algorithm or hashes.SHA256()))


def certified(key):
    """A certificate of any key."""
    authority = an_authority()
    return (
        x509.CertificateBuilder()
        .subject_name(subject("device"))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(authority.certificate.not_valid_before_utc)
        .not_valid_after(authority.certificate.not_valid_after_utc)
        .sign(authority.key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def test_the_key_of_a_certificate_is_the_one_it_was_issued_for(rsa_key):
    for key in (a_key(), rsa_key):
        assert public_key_of(certified(key)) == der(key)


@pytest.mark.parametrize("content", [b"", b"text", b"-----BEGIN CERTIFICATE-----\nMII\n"])
def test_what_is_no_certificate_can_not_be_read(content):
    with pytest.raises(OpenSSLError, match="the certificate can't be read"):
        public_key_of(content)


def test_a_signature_is_that_of_its_key_and_message_only(rsa_key):
    key, other = a_key(), a_key()
    assert is_signed(MESSAGE, ecdsa(key), public_pem(key).encode())
    assert is_signed(MESSAGE, ecdsa(key), der(key))
    assert not is_signed(MESSAGE, ecdsa(key), der(other))
    assert not is_signed(b"another message", ecdsa(key), der(key))
    assert not is_signed(MESSAGE, ecdsa(key, hashes.SHA384()), der(key))
    signature = rsa_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    assert is_signed(MESSAGE, signature, der(rsa_key))
    assert not is_signed(MESSAGE, signature[:-1], der(rsa_key))
    assert not is_signed(MESSAGE, signature, der(key))


@pytest.mark.parametrize(
    "signature", [b"", b"\0", b"\x30\x00", b"\x30\x06\x02\x01\x00\x02\x01\x00", b"\xff" * 512]
)
def test_a_malformed_signature_is_none(signature):
    assert not is_signed(MESSAGE, signature, der(a_key()))


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP224R1()),
        rsa.generate_private_key(65537, 1024),  # what is refused
    ],
    ids=["Ed25519", "a small curve", "short RSA"],
)
def test_a_key_of_another_kind_or_too_short_is_refused(key):
    with pytest.raises(OpenSSLError, match="a public key of this kind can't be read"):
        is_signed(MESSAGE, b"", der(key))


@pytest.mark.parametrize("content", [b"", b"text", b"-----BEGIN PUBLIC KEY-----\nMII\n"])
def test_what_is_no_key_can_not_be_read(content):
    with pytest.raises(OpenSSLError, match="the public key can't be read"):
        is_signed(MESSAGE, b"", content)


def test_a_signature_that_is_none_leaves_no_error_for_the_next_tls_connection():
    is_signed(MESSAGE, b"\x30\x00", der(a_key()))
    assert library().ERR_peek_error() == 0
