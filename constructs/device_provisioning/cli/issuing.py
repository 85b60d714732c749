"""Certificates for many devices."""

from pathlib import Path

from rich.console import Console
from rich.progress import track

from .authority import load_authority
from .device_subjects import read_subjects, require_csv
from .interruption import Interruption
from .new_files import PUBLIC, SECRET, require_new, write_new


def issue_all(devices: str, ca_file: str, key_file: str, days: int, out: Path) -> tuple[int, bool]:
    """Issue a certificate for each line; how many, and whether Ctrl-C ended it.

    Raises:
        UnreadableError: If a line, a file of the CA or a file that is there already is in the way.
    """
    require_csv(devices)
    authority, subjects = load_authority(ca_file, key_file), read_subjects(devices)
    files = [(out / f"{subject.common_name}.key", out / f"{subject.common_name}.pem") for subject in subjects]
    require_new(file for pair in files for file in pair)
    console, issued = Console(stderr=True), 0
    with Interruption() as interruption:
        pairs = list(zip(subjects, files, strict=True))
        for subject, (key, certificate) in track(
            pairs, "issued", console=console, transient=True, disable=not console.is_terminal
        ):
            if interruption.asked:
                break
            made = authority.issue(subject.name, days)
            write_new(key, made.private_key_pem, SECRET)
            write_new(certificate, made.certificate_pem, PUBLIC)
            issued += 1
    return issued, interruption.asked
