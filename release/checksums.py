"""Checksums of what a release has, which ``sha256sum --check`` reads."""

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write(folder: Path) -> None:
    """Write them beside the files.

    Args:
        folder: Where these are.
    """
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    ]
    (folder / NAME).write_text("".join(lines), "utf-8")
