"""What is released: built, and installed in environments that have nothing else."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""The versions of Python that are supported."""


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def done(*command, **options):
    ran = run(*command, **options)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def build(project, folder):
    """Build the source distribution of a project, and from it the wheel."""
    done(
        TOOLS / "uv",
        "build",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--out-dir",
        folder,
        project,
    )


def wheel_in(folder):
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment_with(folder, *packages, interpreter=sys.executable):
    """Make an environment with packages, in the versions of our lock; gives the folder of its commands."""
    done(TOOLS / "uv", "venv", "--python", interpreter, folder)
    python = folder / "bin" / "python"
    lock = ["--constraint", ROOT / "requirements.lock"]
    done(TOOLS / "uv", "pip", "install", "--python", python, *lock, *packages)
    return python.parent
