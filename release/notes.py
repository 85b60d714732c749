"""What a release says of itself: its section of the changelog."""

import re
from pathlib import Path

from device_provisioning.version import __version__

from .tools import ROOT, Problem

NAME = "NOTES.md"
UNRELEASED = "Unreleased"
_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)


def section(changelog: str, version: str) -> str:
    """The section of a version, or of what is not released yet.

    Args:
        changelog: The text of the changelog.
        version: The version.

    Raises:
        Problem: If there is neither.
    """
    for part in changelog.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        if heading.split(" ")[0].strip("[]") in (version, UNRELEASED):
            return _COMMENT.sub("", text).strip() + "\n"
    raise Problem(f"CHANGELOG.md has a section neither for {version} nor for {UNRELEASED}: write one")


def write(folder: Path) -> None:
    """Write it beside the files.

    Args:
        folder: Where these are.

    Raises:
        Problem: If the changelog has no section.
    """
    (folder / NAME).write_text(section((ROOT / "CHANGELOG.md").read_text("utf-8"), __version__), "utf-8")
