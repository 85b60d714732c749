"""How device certificates of a CA are distinguished."""

from enum import StrEnum
from typing import Any

from .unresolved import is_unresolved


class CertificateMode(StrEnum):
    """How AWS IoT finds the account of a certificate.

    https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterCACertificate.html
    """

    DEFAULT = "DEFAULT"
    """One account in a Region may have the CA: a verification certificate proves that it holds the key."""
    SNI_ONLY = "SNI_ONLY"
    """Any account may have the CA: devices name the account's endpoint when they connect (SNI)."""


def certificate_problem(pem: str) -> str | None:
    """What keeps a text from being a certificate to publish, if anything; keys must not get into templates.

    Example:
        >>> certificate_problem("-----BEGIN EC PRIVATE KEY-----")
        'contains a private key: give the certificate alone, and take the key out of where this came from'
    """
    if "PRIVATE KEY-----" in pem:
        return (
            "contains a private key: give the certificate alone, and take the key out of where this came from"
        )
    if "-----BEGIN CERTIFICATE-----" not in pem:
        return "is not a certificate in PEM: give the text that begins with -----BEGIN CERTIFICATE-----"
    return None


def require_certificates(certificate_pem: Any, verification_certificate_pem: Any) -> None:
    """Refuse what is not a certificate; what an engine knows later is not checked.

    Raises:
        ValueError: With every problem.
    """
    given = {
        "certificate_pem": certificate_pem,
        "verification_certificate_pem": verification_certificate_pem,
    }
    problems = [
        f"{name} {problem}"
        for name, pem in given.items()
        if pem and not is_unresolved(pem) and (problem := certificate_problem(pem))
    ]
    if not certificate_pem:
        problems.append("certificate_pem is empty: give the CA's certificate in PEM")
    if problems:
        raise ValueError("\n".join(problems))
