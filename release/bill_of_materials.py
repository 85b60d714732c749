"""The software bill of materials of a release: what comes with the package and each of its extras."""

import tempfile
from pathlib import Path

from device_provisioning.version import __version__

from .needed import requirements
from .tools import run

NAME = f"device_provisioning-{__version__}.cdx.json"


def write(folder: Path) -> None:
    """Write it in CycloneDX's form (https://cyclonedx.org/docs/1.6/json/), the same each time.

    Args:
        folder: Where it goes.

    Raises:
        Problem: If it can't be made.
    """
    with tempfile.TemporaryDirectory() as scratch:
        run(
            "cyclonedx-py",
            "requirements",
            requirements(Path(scratch)),
            "--pyproject",
            "pyproject.toml",
            "--mc-type",
            "library",
            "--output-reproducible",
            "--output-file",
            folder / NAME,
        )
