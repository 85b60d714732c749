"""What a simulation shows people: a bar while it runs, a table at its end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from .. import iotda
from ..aws_iot.evaluation import Result
from ..console.activity import at_work, quiet
from ..console.input_lines import InputLines
from ..console.text import printable
from .simulator import Tally

_COLOURS = {
    Result.PROVISIONED: "green",
    iotda.Result.REGISTERED: "green",
    Result.REPROVISIONED: "cyan",
    Result.FAILED: "red",
}
_WIDTH_WITHOUT_TERMINAL = 160


@contextmanager
def progress_bar(lines: InputLines | None, tally: Tally, *, wanted: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, which what is yielded moves, and a line every ten seconds elsewhere.

    Args:
        lines: The file that is read; without one there is no bar.
        tally: Counts the devices.
        wanted: Whether there may be a bar at all.
    """
    console = Console(stderr=True)
    if not (lines and wanted and console.is_terminal):
        with at_work(lambda: _counted(tally)):
            yield lambda: None
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with quiet(), Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=lines.size or None)

        def move() -> None:
            progress.update(task, completed=lines.bytes_read, description=_counted(tally))

        yield move


def _counted(tally: Tally) -> str:
    return f"{tally.devices:,} devices, {tally.results[Result.FAILED]:,} failed"


def write_summary(tally: Tally, seconds: float) -> None:
    """The table by outcome and reason, on standard error."""
    table = Table("outcome", "reason", "place and problem", box=box.SIMPLE)
    table.add_column("devices", justify="right")
    for result, colour in _COLOURS.items():
        if tally.results[result]:
            table.add_row(Text(result, colour), "", "", f"{tally.results[result]:,}")
    for (reason, path, problem), count in tally.failures.most_common():
        what = printable(f"{path} {problem}".lstrip())
        table.add_row("", Text(reason), Text(what), f"{count:,}")
    console = Console(stderr=True)
    if not console.is_terminal:
        console = Console(stderr=True, width=_WIDTH_WITHOUT_TERMINAL)
    console.print(table)
    console.print(f"{tally.devices:,} {'device' if tally.devices == 1 else 'devices'} in {seconds:.1f} s")


def write_problems(file: str, tally: Tally) -> None:
    """The first lines that could not be read, on standard error."""
    for line, problem in tally.shown_problems:
        sys.stderr.write(f"{printable(file)}:{line}: {printable(problem)}\n")
    more = tally.unreadable - len(tally.shown_problems)
    if more:
        sys.stderr.write(f"{printable(file)}: {more:,} more lines like that\n")
