"""The command in a process of its own whose disk fails, or that is killed while it writes."""

import multiprocessing
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from errno import EROFS
from pathlib import Path

_PROCESSES = multiprocessing.get_context("forkserver")
_LIBRARIES = (
    "adopt.project",
    "adopt.reading",
    "allow_list.importing",
    "allow_list.records",
    "certificates.claim",
    "certificates.issuing",
    "certificates.registration_code",
    "cli",
    "edge.archives",
    "edge.core_configuration",
    "explain.run",
    "project.scaffolding",
    "simulation.run",
)
# Importing them takes longer than what the command does with them.
_PROCESSES.set_forkserver_preload(
    ["boto3", __name__, *(f"device_provisioning.{name}" for name in _LIBRARIES)]
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_PATHS = {
    "os.chmod": 1,
    "os.link": 2,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "sqlite3.connect": 1,
}
"""How many paths, which come first, events of Python's own have that change folders."""


@dataclass(frozen=True)
class Fault:
    """What happens to a folder.

    Args:
        killed_at: The step before which the process is killed; never by default.
        read_only: Whether nothing in it can be written.
        most_bytes: How much fits into a file.
    """

    killed_at: int = 0
    read_only: bool = False
    most_bytes: int = resource.RLIM_INFINITY


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    status: int
    said: str


def run_with(fault, folder, arguments, environment):
    """Run the command in a folder."""
    reader, writer = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_run, args=(fault, str(folder), arguments, environment, writer))
    process.start()
    writer.close()
    said = b""
    with suppress(EOFError, OSError):
        while chunk := os.read(reader.fileno(), 65536):
            said += chunk
    reader.close()
    process.join()
    return Ended(process.exitcode, said.decode())


def _run(fault, folder, arguments, environment, writer):
    os.chdir(folder)
    os.environ.update(environment)
    os.dup2(writer.fileno(), 1)
    os.dup2(writer.fileno(), 2)
    writer.close()
    # Of a module's bytecode that doesn't fit, Python would leave half for every process after this one.
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (fault.most_bytes, resource.RLIM_INFINITY))
    _Watch(fault, Path(folder)).begin()
    sys.argv = ["device-provisioning", *arguments]
    from device_provisioning.cli import main

    main()


class _Watch:
    """Sees every change of a folder before it happens."""

    def __init__(self, fault, folder):
        self._fault = fault
        self._folder = folder
        self._steps = 0

    def begin(self):
        sys.addaudithook(self._see)

    def _see(self, event, arguments):
        if not self._changes(event, arguments):
            return
        self._steps += 1
        if self._steps == self._fault.killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._fault.read_only:
            raise OSError(EROFS, os.strerror(EROFS))

    def _changes(self, event, arguments):
        if event == "open":
            return bool(arguments[2] & _WRITING) and self._is_inside(arguments[0])
        return any(map(self._is_inside, arguments[: _PATHS.get(event, 0)]))

    def _is_inside(self, path):
        # A database without a name is elsewhere.
        is_named = isinstance(path, str | Path) and path != ""
        return is_named and (self._folder / path).is_relative_to(self._folder)
