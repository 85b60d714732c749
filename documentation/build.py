"""The documentation site: ``python -m documentation.build`` makes ``build/site`` of the repository.

Whatever is not right fails it: a link or an anchor that leads nowhere, a page outside the navigation, a name
of the reference that is not there, and anything else that Zensical, mkdocstrings or griffe have to say.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .links import dead_links

ROOT = Path(__file__).parent.parent
PARTS = ("CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "docs", "examples", "stacks")
"""What the site is made of; add what a page links to."""
_NOTHING = "No issues found"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def stage(repository: Path, folder: Path) -> None:
    """Copy what the site is made of, each file at its place, so that the links of the repository work.

    Args:
        repository: Where to copy from: what git ignores is left out.
        folder: Where to; what is there is replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PARTS]
    names = subprocess.run(listing, cwd=repository, check=True, capture_output=True, text=True).stdout
    for name in names.split("\0"):
        if (repository / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository / name, folder / name)


def build(folder: Path) -> list[str]:
    """Build the site that ``zensical.toml`` of a folder describes.

    Returns:
        What is not right, nothing if all is.
    """
    project = tomllib.loads((folder / "zensical.toml").read_text("utf-8"))["project"]
    stray = list(stray_pages(project["nav"], folder / project["docs_dir"]))
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    said = _COLOUR.sub("", done.stderr).partition("\nTraceback")[0].strip()
    if done.returncode or said.replace(_NOTHING, "").strip():
        return [*stray, said or done.stderr or done.stdout]
    return [*stray, *dead_links(folder / project["site_dir"])]


def stray_pages(navigation: Sequence[Any], folder: Path) -> Iterator[str]:
    """The pages that the navigation leaves out, and those that it has and that are not there."""
    named = set(_pages(navigation))
    present = {file.relative_to(folder).as_posix() for file in folder.rglob("*.md")}
    yield from (
        f"{page} is not in the navigation: add it in zensical.toml" for page in sorted(present - named)
    )
    yield from (f"{page} is in the navigation but not there" for page in sorted(named - present))


def _pages(entries: Sequence[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            for value in entry.values():
                yield from _pages([value] if isinstance(value, str) else value)


def main() -> None:
    """Stage and build; the exit status is 1 if something is not right."""
    stage(ROOT, ROOT / "build" / "documentation")
    if problems := build(ROOT):
        sys.exit("\n".join(problems))
    print("build/site/index.html")


if __name__ == "__main__":
    main()
