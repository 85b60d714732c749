"""A registration task while it runs."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..console.activity import at_work, quiet
from ..console.aws_calls import AwsCalls
from ..console.exit_status import FAILED, INTERRUPTED
from ..console.interruption import Interruption
from ..console.text import printable
from .reports import report_lines

SECONDS_BETWEEN = 5.0
SHOWN_ERRORS = 20
_RUNNING = frozenset({"InProgress", "Cancelling"})


def follow(task: str, seconds_between: float | None = None) -> int:
    """Wait until a task is done, with a bar on a terminal; the exit status.

    Raises:
        UnreadableError: If AWS refuses.
    """
    calls, console = AwsCalls(task), Console(stderr=True)
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    wait = SECONDS_BETWEEN if seconds_between is None else seconds_between
    described: Mapping[str, Any] = {}
    with (
        Interruption() as interruption,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        quiet() if console.is_terminal else at_work(lambda: f"task {task}: {_counts(described)}"),
        suppress(KeyboardInterrupt),
    ):
        bar = progress.add_task("", total=100)
        while (described := _described(calls, task))["status"] in _RUNNING:
            progress.update(
                bar, completed=described.get("percentageProgress", 0), description=_counts(described)
            )
            if interruption.slept(wait):
                break
    if interruption.asked:
        sys.stderr.write(
            f"task {task} goes on: device-provisioning bulk status {task} --follow follows it again\n"
        )
        return INTERRUPTED
    return _report(task, described)


def show(task: str) -> int:
    """Tell how far a task is; the exit status.

    Raises:
        UnreadableError: If AWS refuses.
    """
    described = _described(AwsCalls(task), task)
    if described["status"] in _RUNNING:
        done = described.get("percentageProgress", 0)
        sys.stdout.write(f"{described['status']}, {done} %: {_counts(described)}\n")
        return 0
    return _report(task, described)


def _described(calls: AwsCalls, task: str) -> Mapping[str, Any]:
    return calls.call("describe_thing_registration_task", taskId=task)


def _counts(described: Mapping[str, Any]) -> str:
    return f"{described.get('successCount', 0):,} registered, {described.get('failureCount', 0):,} failed"


def _report(task: str, described: Mapping[str, Any]) -> int:
    message = f": {described['message']}" if described.get("message") else ""
    sys.stdout.write(printable(f"{described['status']}: {_counts(described)}{message}") + "\n")
    if described.get("failureCount"):
        for number, line in enumerate(report_lines(task, "ERRORS")):
            if number == SHOWN_ERRORS:
                sys.stderr.write(f"device-provisioning bulk report {task} shows the rest\n")
                break
            sys.stderr.write(f"{line}\n")
    return 0 if described["status"] == "Completed" and not described.get("failureCount") else FAILED
