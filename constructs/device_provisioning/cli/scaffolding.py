"""A new project from the templates beside this file."""

import re
from pathlib import Path

from copier import run_copy

from .. import __version__
from .sources import UnreadableError

TEMPLATES = Path(__file__).parent / "project_template"
LONGEST_NAME = 30
NAME = re.compile(f"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")


def make_project(folder: Path, engine: str, name: str | None) -> str:
    """Make a project in a folder that is new or empty; gives its name.

    Args:
        folder: Where it goes.
        engine: ``cdk`` or ``pulumi``.
        name: What everything is named after; the folder's name by default.

    Raises:
        UnreadableError: If the folder holds something or can't be written, or the name does not suit.
    """
    name = folder.resolve().name if name is None else name
    _require_place_and_name(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(f"{folder}: cannot be made: {error.strerror or error}") from None
    data = {
        "engine": engine,
        "name": name,
        "stack": "".join(part.capitalize() for part in name.split("-")),
        "version": __version__,
    }
    for part in ("common", engine):
        run_copy(str(TEMPLATES / part), folder, data=data, quiet=True)
    return name


def _require_place_and_name(folder: Path, name: str) -> None:
    problems = []
    if folder.exists() and not folder.is_dir():
        problems.append(f"{folder}: is no folder: give another one")
    elif folder.is_dir() and any(folder.iterdir()):
        problems.append(f"{folder}: is not empty and stays as it is: give a folder that is new or empty")
    if not NAME.fullmatch(name):
        problems.append(
            f"{name}: is no name for a project: give --name with 1 to {LONGEST_NAME} lower-case letters,"
            " digits and hyphens, a letter first"
        )
    if problems:
        raise UnreadableError("\n".join(problems))
