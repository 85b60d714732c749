"""Tools of the environment that a release is made in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Container
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FOLDERS = (Path(sys.executable).parent, ROOT / ".venv" / "release" / "bin")


class Problem(Exception):  # noqa: N818  # what the owner reads
    """What stands in the way of a release, a line each."""


def run(tool: str, *arguments: str | Path, accepted: Container[int] = (0,), **environment: str) -> str:
    """What a tool of this environment prints.

    Args:
        tool: Its name.
        arguments: Its arguments.
        accepted: Exit statuses that are no failure; 0 by default.
        environment: Variables beside those of this process.

    Raises:
        Problem: If it fails, with what it says.
    """
    command = shutil.which(tool, path=os.pathsep.join(map(str, _FOLDERS)))
    if command is None:
        raise Problem(f"there is no {tool}: make release-check installs it")
    ran = subprocess.run(
        [command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    if ran.returncode not in accepted:
        raise Problem(f"{tool} fails with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout
