"""A demo that stays up for clients of one's own, and how it is ended from elsewhere."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from ..problem import LocalProblem
from ..processes import processes_with

FOLDER = Path(".demo")
FILE = FOLDER / "process"
MARK = "DEVICE_PROVISIONING_DEMO"
SECONDS_TO_END = 120


@dataclass(frozen=True)
class Kept:
    """The demo that stays up in this folder, or did until it was killed.

    Args:
        number: The number of its process.
        created: When that process began: its number may be another's by now.
        mark: What all processes that it started have in their environment.
    """

    number: int
    created: float
    mark: str

    @classmethod
    def found(cls) -> Self | None:
        """What the file says; nothing if there is none."""
        with suppress(OSError, ValueError):
            number, created, mark = FILE.read_text().split()
            return cls(int(number), float(created), mark)
        return None

    def process(self) -> psutil.Process | None:
        """Its process, if it runs."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.number)
            return process if process.create_time() == self.created else None
        return None


@contextmanager
def kept_folder() -> Iterator[Path]:
    """A folder for the files of a demo that stays up, which also says that it runs; gone at the end.

    Raises:
        LocalProblem: If another demo stays up in this folder.
    """
    kept = Kept.found()
    if kept and kept.process():
        raise LocalProblem(f"a demo is running already, as process {kept.number}: end it by make demo-stop")
    stop()
    FOLDER.mkdir(mode=0o700)
    try:
        FILE.write_text(f"{os.getpid()} {psutil.Process().create_time()} {os.environ[MARK]}")
        yield FOLDER.absolute()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def wait_for_the_end() -> None:
    """Wait for Ctrl-C, or for ``stop``."""
    with suppress(KeyboardInterrupt, SystemExit):
        signal.pause()


def stop() -> bool:
    """End the demo that stays up in this folder, or what a killed one left; whether there was anything.

    Raises:
        LocalProblem: If it does not end.
    """
    kept = Kept.found()
    ended = _ended(kept) if kept else []
    shutil.rmtree(FOLDER, ignore_errors=True)
    return bool(ended)


def _ended(kept: Kept) -> list[psutil.Process]:
    process = kept.process()
    if process is None:
        left = processes_with(MARK, kept.mark)
        for each in left:
            each.kill()
        return left
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except psutil.TimeoutExpired:
        raise LocalProblem(f"process {kept.number} did not end in {SECONDS_TO_END} seconds") from None
    return [process]
