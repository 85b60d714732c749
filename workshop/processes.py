"""Processes that a local run starts, and those that it left behind."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from device_provisioning.console.sources import UnreadableError
from device_provisioning.verification import processes


class CommandFailed(Exception):  # noqa: N818  # what the user reads
    """A command ended with an error; the message holds the end of what it wrote."""


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> str:
    """Run a command in a process group of its own and return what it wrote.

    Raises:
        CommandFailed: If it ends with another status than 0.
    """
    try:
        return processes.run(command, environment, folder)
    except UnreadableError as error:
        raise CommandFailed(str(error)) from None


def processes_with(variable: str, value: str) -> list[psutil.Process]:
    """Other processes that were started with a variable in their environment, also by way of others.

    A process that outlived its parent has no parent here any more; its environment still shows whose it was.
    """
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _environment(process).get(variable) == value
    ]


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}
