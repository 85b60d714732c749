"""Tools of others that need packages which the project can't have: each in an environment of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")


def own_environment(name):
    """The folder of the programs that ``tests/NAME.lock`` installs; made once a lock."""
    lock = Path(__file__).with_name(f"{name}.lock")
    folder = Path(sys.prefix) / name.replace("_", "-")
    made_of = folder / "made-of.lock"
    if not made_of.exists() or made_of.read_bytes() != lock.read_bytes():
        python = folder / "bin" / "python"
        install = [UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock]
        for command in ([UV, "venv", "--quiet", "--clear", folder], install):
            subprocess.run(command, check=True, capture_output=True)
        shutil.copy(lock, made_of)
    return folder / "bin"
