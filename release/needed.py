"""What users install with the package: all extras, in the versions of the lock."""

from pathlib import Path

from .tools import run


def requirements(folder: Path) -> Path:
    """A file of pip's form with what the package needs, for Python 3.11 on Linux.

    Args:
        folder: Where the file goes.
    """
    path = folder / "requirements.txt"
    run(
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--all-extras",
        "--constraint",
        "requirements.lock",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-annotate",
        "--no-header",
        "--quiet",
        "--output-file",
        path,
    )
    return path


def names(requirements: Path) -> list[str]:
    """The names of the packages in a file of pip's form.

    Args:
        requirements: The file.
    """
    lines = requirements.read_text("utf-8").splitlines()
    return [line.partition("==")[0].partition("[")[0] for line in lines if "==" in line]
