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

from .git_host import without_parts_for_git_hosts
from .links import dead_links
from .site_configuration import ROOT, released_configuration, repository_address
from .tabs import with_tabs

PARTS = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "docs",
    "examples",
    "stacks",
)
"""What the site is made of; add what a page links to."""
_NOTHING = "No issues found"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def stage(repository: Path, folder: Path) -> None:
    """Copy what the site is made of, each file at its place, so that the links of the repository work.

    Args:
        repository: Where to copy from: what git ignores is left out. What was unpacked without git is
            copied whole.
        folder: Where to; what is there is replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in _listed_by_git(repository) if (repository / ".git").exists() else _unpacked(repository):
        if (repository / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _put(repository / name, folder / name)


def _put(source: Path, target: Path) -> None:
    if source.suffix == ".md":
        target.write_text(with_tabs(without_parts_for_git_hosts(source.read_text("utf-8"))), "utf-8")
    else:
        shutil.copyfile(source, target)


def _listed_by_git(repository: Path) -> list[str]:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PARTS]
    return subprocess.run(listing, cwd=repository, check=True, capture_output=True, text=True).stdout.split(
        "\0"
    )


def _unpacked(repository: Path) -> Iterator[str]:
    for part in PARTS:
        for file in (repository / part, *(repository / part).rglob("*")):
            if "__pycache__" not in file.parts:
                yield file.relative_to(repository).as_posix()


def build(folder: Path) -> list[str]:
    """Build the site that ``zensical.toml`` of a folder describes.

    Returns:
        What is not right, nothing if all is.
    """
    text = (folder / "zensical.toml").read_text("utf-8")
    configuration = folder / "build" / "zensical.toml"
    configuration.write_text(released_configuration(text, repository_address()), "utf-8")
    project = tomllib.loads(text)["project"]
    stray = list(stray_pages(project["nav"], configuration.parent / project["docs_dir"]))
    zensical = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    command = [*zensical, "--config-file", str(configuration)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    said = _COLOUR.sub("", done.stderr).partition("\nTraceback")[0].strip()
    if done.returncode or said.replace(_NOTHING, "").strip():
        return [*stray, said or done.stderr or done.stdout]
    return [*stray, *dead_links(configuration.parent / project["site_dir"])]


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
