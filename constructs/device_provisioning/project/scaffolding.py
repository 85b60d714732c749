"""A new project from the templates beside this file."""

import os
import re
from pathlib import Path

from copier import run_copy
from copier.errors import CopierError
from plumbum import ProcessExecutionError

from ..console.new_files import part_folder
from ..console.sources import UnreadableError
from ..version import __version__

TEMPLATES = Path(__file__).parent / "template"
LONGEST_NAME = 30
NAME = re.compile(f"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


def make_project(folder: Path, engine: str, name: str | None) -> str:
    """Make a project in a folder that is new or empty; gives its name.

    Args:
        folder: Where it goes.
        engine: ``cdk`` or ``pulumi``.
        name: The project's name; the directory's name by default.

    Raises:
        UnreadableError: If the folder holds something or can't be written, or the name does not suit.
    """
    name = Path(os.path.realpath(folder)).name if name is None else name
    data = {
        "engine": engine,
        "name": name,
        "stack": "".join(part.capitalize() for part in name.split("-")),
        "version": __version__,
    }
    try:
        _require_place_and_name(folder, name)
        with part_folder(folder) as part:
            for kind in ("common", engine):
                run_copy(str(TEMPLATES / kind), part, data=data, quiet=True)
    except (OSError, CopierError, ProcessExecutionError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise UnreadableError(f"{folder}: cannot be made: {reason}") from None
    return name


def _require_place_and_name(folder: Path, name: str) -> None:
    problems = []
    if folder.exists() and not folder.is_dir():
        problems.append(f"{folder}: is not a directory: give another one")
    elif folder.is_dir() and any(folder.iterdir()):
        problems.append(f"{folder}: is not empty and was left unchanged: give a new or empty directory")
    if not NAME.fullmatch(name):
        problems.append(
            f"{name}: is not a valid project name: give --name with 1 to {LONGEST_NAME} lower-case letters,"
            " digits and hyphens, a letter first"
        )
    if problems:
        raise UnreadableError("\n".join(problems))
