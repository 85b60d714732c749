"""The programs under examples/ that are for Pulumi."""

import runpy
from pathlib import Path

FOLDER = Path("examples")
PROGRAMS = sorted(FOLDER.glob("*_pulumi.py"))


def run(path):
    """Run a program as a language host would."""
    runpy.run_path(str(path), run_name="__main__")
