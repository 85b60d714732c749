"""Files and folders that are made new: nothing is overwritten."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .output_files import OutputFile
from .output_parts import in_the_way, part_beside
from .sources import UnreadableError

MOST_PROBLEMS = 20


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Make a file, and the folders above it; nothing is overwritten.

    Raises:
        UnreadableError: If it already exists, or can't be written.
    """
    make_folder(path.parent)
    with OutputFile(path, mode, is_new=True) as file:
        file.write(content)


def write_all_new(files: Mapping[Path, bytes], mode: int | Mapping[Path, int]) -> None:
    """Make several files, or none of them.

    Args:
        files: What each holds.
        mode: The mode of all, or of each.

    Raises:
        UnreadableError: If one already exists, or can't be written.
    """
    require_new(files)
    made: list[Path] = []
    try:
        for path, content in files.items():
            write_new(path, content, mode if isinstance(mode, int) else mode[path])
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless it is there.

    Raises:
        UnreadableError: If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UnreadableError(f"{folder}: is not a directory: give another one") from None
    except OSError as error:
        raise UnreadableError(f"{folder}: cannot be made: {error.strerror or error}") from None


@contextmanager
def part_folder(folder: Path) -> Iterator[Path]:
    """A folder whose content takes the place of one that is new or empty, when the block ends well.

    Raises:
        OSError: If it can't be made.
    """
    is_new = not folder.exists()
    part = part_beside(folder if is_new else folder / "content")
    part.mkdir(parents=True)
    try:
        yield part
        if is_new:
            part.replace(folder)
        else:
            for entry in part.iterdir():
                entry.replace(folder / entry.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def require_new(paths: Iterable[Path]) -> None:
    """Make sure that none of the files exists.

    Raises:
        UnreadableError: With every one that does, twenty at the most.
    """
    problems = [in_the_way(path) for path in paths if os.path.lexists(path)]
    if problems:
        more = len(problems) - MOST_PROBLEMS
        rest = [f"{more} more files already exist"] if more > 0 else []
        raise UnreadableError("\n".join([*problems[:MOST_PROBLEMS], *rest]))
