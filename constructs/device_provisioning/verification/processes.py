"""Tools that a run starts: none outlives it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

from ..console.sources import UnreadableError

LINES_SHOWN = 15
SECONDS_TO_STOP = 3
SECONDS_TO_NOTICE = 0.5


def tool(name: str) -> str | None:
    """Where a tool is: beside this Python, or on the PATH."""
    beside = str(Path(sys.executable).parent)
    return which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    name: str | None = None,
    seconds_to_stop: float = SECONDS_TO_STOP,
) -> str:
    """Run a tool to its end, and return what it wrote.

    It gets no signal of the terminal: if this process is interrupted, it is asked to stop, and waited for.

    Args:
        command: The tool and its arguments.
        environment: All variables that it gets.
        folder: Where it runs.
        name: What it is called in messages; the command with its first argument by default.
        seconds_to_stop: How long it may take to stop; three seconds by default.

    Raises:
        UnreadableError: With the end of what it wrote, if it fails.
    """
    process = subprocess.Popen(  # noqa: S603
        command,
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output = _output(process)
    except BaseException:
        with process:
            stop(process, seconds_to_stop)
        raise
    if process.returncode:
        name = name or f"{Path(command[0]).name} {command[1]}"
        raise UnreadableError(f"{name} failed:\n{last_lines(output)}")
    return output


def _output(process: "subprocess.Popen[str]") -> str:
    """What it writes until it ends.

    Python notices a signal that comes just before it waits only after it has waited, so it waits in pieces.
    """
    while True:
        try:
            output, _ = process.communicate(timeout=SECONDS_TO_NOTICE)
        except subprocess.TimeoutExpired:
            continue
        return output


def stop(process: "subprocess.Popen[str]", seconds: float = SECONDS_TO_STOP) -> None:
    """Ask a tool to stop as Ctrl-C does, and end it and all that it started if it does not."""
    for number in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def last_lines(output: str) -> str:
    """The end of what a tool wrote."""
    return "\n".join(output.strip().splitlines()[-LINES_SHOWN:]) or "it wrote nothing"
