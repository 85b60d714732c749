"""Certificates for many devices."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ..console.interruption import Interruption
from ..console.new_files import MOST_PROBLEMS, require_new, write_new
from ..console.output_files import PUBLIC, SECRET
from ..console.progress import bar
from ..console.sources import UnreadableError
from .authority import Authority, load_authority
from .device_subjects import DeviceSubject, read_subjects, require_csv


@dataclass(frozen=True)
class Pair:
    """The files of a device.

    Args:
        subject: Whom the certificate is for.
        key: The file of the key.
        certificate: The file of the certificate.
    """

    subject: DeviceSubject
    key: Path
    certificate: Path


@dataclass(frozen=True)
class IssuedPairs:
    """What became of a list.

    Args:
        issued: How many certificates were issued.
        kept: How many were there already.
        interrupted: Whether Ctrl-C ended it.
    """

    issued: int
    kept: int
    interrupted: bool


def issue_all(
    devices: str, ca_file: str, key_file: str, days: int, out: Path, *, resume: bool = False
) -> IssuedPairs:
    """Issue a certificate for each line.

    Args:
        devices: The file of the subjects.
        ca_file: The certificate of the CA.
        key_file: Its key.
        days: How long a certificate is valid.
        out: The folder.
        resume: Whether pairs that an earlier run made are kept; no by default.

    Raises:
        UnreadableError: If a line, a file of the CA or a file that already exists is in the way.
    """
    require_csv(devices)
    authority, subjects = load_authority(ca_file, key_file), read_subjects(devices)
    pairs = [
        Pair(subject, out / f"{subject.common_name}.key", out / f"{subject.common_name}.pem")
        for subject in subjects
    ]
    warn_of_end(authority, ca_file, days)
    if resume:
        left = _left(authority, pairs)
    else:
        require_new(file for pair in pairs for file in (pair.key, pair.certificate))
        left = pairs
    issued = 0
    with Interruption() as interruption, bar("issued", len(left)) as move:
        try:
            for pair in left:
                if interruption.asked:
                    break
                _issue(authority, pair, days)
                issued += 1
                move(issued, issued)
        except KeyboardInterrupt:
            interruption.asked = True
    return IssuedPairs(issued, len(pairs) - len(left), interruption.asked)


def warn_of_end(authority: Authority, ca_file: str, days: int) -> None:
    """Report a certificate that would outlive its CA: nobody accepts it after that."""
    if end := authority.ends_before(days):
        sys.stderr.write(
            f"warning: {ca_file} ends on {end:%Y-%m-%d}, and certificates of {days} days outlive it: nobody"
            " accepts them after that\n"
        )


def _issue(authority: Authority, pair: Pair, days: int) -> None:
    """Issue a pair; of a run that was killed between the two files the key is there."""
    if os.path.lexists(pair.key):
        write_new(
            pair.certificate, authority.issue(pair.subject.name, days, _key(pair.key)).certificate_pem, PUBLIC
        )
        return
    made = authority.issue(pair.subject.name, days)
    write_new(pair.key, made.private_key_pem, SECRET)
    write_new(pair.certificate, made.certificate_pem, PUBLIC)


def _left(authority: Authority, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that are not there.

    Raises:
        UnreadableError: If what is there is not what this CA issues for the line.
    """
    problems = [problem for pair in pairs if (problem := _problem(authority, pair))]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{more} more files are in the way"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
    return [pair for pair in pairs if not os.path.lexists(pair.certificate)]


def _problem(authority: Authority, pair: Pair) -> str | None:
    has_key, has_certificate = os.path.lexists(pair.key), os.path.lexists(pair.certificate)
    if not (has_key or has_certificate):
        return None
    key = _key(pair.key)
    if key is None:
        return f"{pair.key}: holds no key of an earlier run: delete it, and {pair.certificate}"
    if not has_certificate:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
        is_ours = authority.has_issued(certificate) and certificate.subject == pair.subject.name
    except (OSError, ValueError):
        return f"{pair.certificate}: holds no certificate: delete it, and {pair.key}"
    if is_ours and certificate.public_key() == key.public_key():
        return None
    return f"{pair.certificate}: is not what this CA issues for that line and key: give another folder"


def _key(file: Path) -> ec.EllipticCurvePrivateKey | None:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None
