"""Certificates that are revoked."""

from collections.abc import Sequence

from cryptography import x509

from ..console.new_files import MOST_PROBLEMS
from ..console.sources import UnreadableError
from .authority import Authority, load_certificate


def revoked_certificates(files: Sequence[str], authority: Authority, ca_file: str) -> list[x509.Certificate]:
    """The certificates of files, each once.

    Args:
        files: The files.
        authority: The CA that revokes them.
        ca_file: The file of its certificate.

    Raises:
        UnreadableError: If a file holds no certificate, or one that this CA did not issue: a list of it would
            shut nobody out.
    """
    certificates = {file: load_certificate(file) for file in files}
    foreign = [file for file, certificate in certificates.items() if not authority.has_issued(certificate)]
    if foreign:
        problems = [f"{file}: was not issued by {ca_file}: give --ca and --key of its CA" for file in foreign]
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{more} more certificates were not issued by {ca_file}"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    return list({certificate.serial_number: certificate for certificate in certificates.values()}.values())
