"""Files of many devices, written so that a run that was cut short can be run again."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..console.exit_status import FAILED, INTERRUPTED
from ..console.interruption import Interruption
from ..console.new_files import MOST_PROBLEMS
from ..console.output_files import SECRET, OutputFile
from ..console.progress import bar
from ..console.signals import leave_signals_to_the_main_thread
from ..console.sources import UnreadableError
from ..console.text import printable
from .files import make_private_folder
from .kms import PARALLEL

_AT_ONCE = 8 * PARALLEL


@dataclass(frozen=True)
class DeviceFile:
    """A file of a device.

    Args:
        serial_number: The device.
        path: The file.
        make: Makes what it holds.
        is_right: Whether what an earlier run wrote is what it should hold.
    """

    serial_number: str
    path: Path
    make: Callable[[], bytes]
    is_right: Callable[[bytes], bool]


def write_files(files: Sequence[DeviceFile], out: Path, what: str, *, force: bool) -> int:
    """Write every file that an earlier run did not; the exit status.

    Args:
        files: The files, all in one directory.
        out: The directory, which is made if need be.
        what: What they are, such as ``keys``.
        force: Whether files that hold something else are replaced.

    Raises:
        UnreadableError: If something given is wrong, or AWS refuses; what is written by then stays.
    """
    make_private_folder(out)
    _report_names(files)
    problems: list[str] = []
    done = 0
    with Interruption() as interruption, bar("written", len(files)) as move, _pool() as pool:
        try:
            for start in range(0, len(files), _AT_ONCE):
                if interruption.asked:
                    break
                at_once = files[start : start + _AT_ONCE]
                problems += filter(None, pool.map(lambda file: _written(file, force=force), at_once))
                done += len(at_once)
                move(done, done)
        except KeyboardInterrupt:
            interruption.asked = True
        except UnreadableError as error:
            raise UnreadableError(
                f"{error}\n{_count(done - len(problems), what, out)}: run it again"
            ) from None
    _report_problems(problems)
    advice = ": run the command again for the others" if interruption.asked else ""
    sys.stderr.write(f"{_count(done - len(problems), what, out)}{advice}\n")
    if interruption.asked:
        return INTERRUPTED
    return FAILED if problems else 0


def write_file(file: DeviceFile, *, force: bool) -> None:
    """Write one file.

    Raises:
        UnreadableError: If it is there already and holds something else, or can't be written.
    """
    if problem := _written(file, force=force):
        raise UnreadableError(problem)


def _written(file: DeviceFile, *, force: bool) -> str | None:
    """Write a file; what is in the way, if something is."""
    is_new = not os.path.lexists(file.path)
    if not is_new and file.is_right(_content(file.path)):
        return None
    if not is_new and not force:
        return (
            f"{file.path}: holds something else and will not be overwritten: give another place, or --force"
        )
    with OutputFile(file.path, SECRET, is_new=is_new) as output:
        output.write(file.make())
    return None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read: {error.strerror or error}") from None


def _report_names(files: Sequence[DeviceFile]) -> None:
    for file in files:
        if file.path.stem != file.serial_number:
            sys.stderr.write(f"{printable(file.serial_number)}: is in {printable(str(file.path))}\n")


def _report_problems(problems: Sequence[str]) -> None:
    for problem in problems[:MOST_PROBLEMS]:
        sys.stderr.write(f"{printable(problem)}\n")
    if len(problems) > MOST_PROBLEMS:
        sys.stderr.write(f"{len(problems) - MOST_PROBLEMS} more files are in the way\n")


def _count(number: int, what: str, out: Path) -> str:
    return f"{number:,} {what} are in {printable(str(out))}"


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that nobody waits for: what they do may hang."""
    pool = ThreadPoolExecutor(PARALLEL, initializer=leave_signals_to_the_main_thread)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
