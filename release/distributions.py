"""The wheel and the source distribution, which everybody can build again to the last bit."""

import sys
import tempfile
from pathlib import Path

from device_provisioning.version import __version__

from .tools import ROOT, Problem, run

SECONDS = "1735689600"
"""The time of all files in them, 2025-01-01: https://reproducible-builds.org/specs/source-date-epoch/."""
NAMES = (
    f"device_provisioning-{__version__}-py3-none-any.whl",
    f"device_provisioning-{__version__}.tar.gz",
)


def build(folder: Path) -> None:
    """Build both twice, and leave them in a folder.

    Args:
        folder: Where they go.

    Raises:
        Problem: If they differ from one time to the other, or their checker refuses them.
    """
    with tempfile.TemporaryDirectory() as again:
        for into in (folder, Path(again)):
            _built(into)
        different = [
            name for name in NAMES if (folder / name).read_bytes() != (Path(again) / name).read_bytes()
        ]
    if different:
        raise Problem(f"built twice, these differ: {', '.join(different)}")
    run("twine", "check", "--strict", *(folder / name for name in NAMES))


def _built(folder: Path) -> None:
    run(
        "uv",
        "build",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--out-dir",
        folder,
        ROOT,
        SOURCE_DATE_EPOCH=SECONDS,
    )
    (folder / ".gitignore").unlink(missing_ok=True)
