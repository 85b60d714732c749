"""A bar on a terminal, with the rate and the time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

Move = Callable[[int, int], None]
"""Takes how far it is, and how many devices that are."""


@contextmanager
def bar(what: str, total: int) -> Iterator[Move]:
    """A bar that is moved by what is yielded. Nothing is shown where there is no terminal.

    Args:
        what: What happens to the devices, such as ``written``.
        total: Where it ends.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (BarColumn(), TaskProgressColumn(), _Devices(what), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=total or None, devices=0)
        yield lambda done, devices: progress.update(task, completed=done, devices=devices)


class _Devices(ProgressColumn):
    """How many devices there are by now, and how many in a second."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def render(self, task: Task) -> Text:
        devices = task.fields["devices"]
        rate = devices / task.elapsed if task.elapsed else 0
        return Text(f"{devices:,} {self._what}, {rate:,.0f}/s")
