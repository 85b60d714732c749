"""``make release-check``: everything that a release has, in ``dist``, or what stands in its way.

The workflow of a release runs the same, and publishes what it left there.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from device_provisioning.version import __version__

from . import audit, bill_of_materials, checksums, distributions, licences, notes, secrets
from .tools import ROOT, Problem

DIST = ROOT / "dist"
CHECKS: tuple[tuple[str, Callable[[], str | None]], ...] = (
    ("licences of what is needed", licences.check),
    ("known vulnerabilities of what is needed", audit.check),
    ("secrets in files", secrets.check),
)
"""Each returns what it could not check, and raises ``Problem`` with all that is wrong."""
FILES: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("wheel and source distribution, twice the same", distributions.build),
    ("bill of materials", bill_of_materials.write),
    ("notes of the release", notes.write),
    ("checksums", checksums.write),
)
"""Each writes into a folder, or raises ``Problem``."""


def problems(folder: Path) -> Iterator[str]:
    """Do all steps, also after one that fails.

    Args:
        folder: Where the release goes; emptied before.
    """
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    writing: list[tuple[str, Callable[[], str | None]]] = [(n, partial(write, folder)) for n, write in FILES]
    for name, step in (*CHECKS, *writing):
        try:
            unchecked = step()
        except Problem as problem:
            yield f"{name}: {problem}"
            print(f"failed       {name}")
        else:
            print(f"not checked  {name}: {unchecked}" if unchecked else f"done         {name}")


def main() -> int:
    """Check, and say what is there."""
    found = list(problems(DIST))
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{__version__} is in {DIST.relative_to(ROOT)}:", *sorted(each.name for each in DIST.iterdir()))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
