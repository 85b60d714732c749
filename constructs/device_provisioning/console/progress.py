"""How far a run is: a bar on a terminal, and a line every ten seconds elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

from .activity import at_work, quiet


class Moved:
    """How far it is.

    Args:
        what: What happens to the devices, such as ``written``.
        total: Where it ends; 0 if that is not known.
    """

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self.done = 0
        self.devices = 0
        self.note = ""
        self.seen: Callable[[], object] = lambda: None

    def __call__(self, done: int, devices: int) -> None:
        """Move it.

        Args:
            done: How much is done.
            devices: How many devices that are.
        """
        self.done, self.devices = done, devices
        self.seen()

    @property
    def counted(self) -> str:
        """How many devices, and what else there is to say."""
        return f"{self.devices:,} {self._what}{f', {self.note}' if self.note else ''}"

    @property
    def text(self) -> str:
        """All of it as a line."""
        return f"{self.counted}: {100 * self.done // self._total} %" if self._total else self.counted


@contextmanager
def bar(what: str, total: int = 0) -> Iterator[Moved]:
    """Show how far it is, as what is yielded is moved.

    Args:
        what: What happens to the devices, such as ``written``.
        total: Where it ends; not known by default.
    """
    moved, console = Moved(what, total), Console(stderr=True)
    if not console.is_terminal:
        with at_work(lambda: moved.text):
            yield moved
        return
    columns = (BarColumn(), TaskProgressColumn(), _Devices(moved), TimeRemainingColumn())
    with quiet(), Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=total or None)
        moved.seen = lambda: progress.update(task, completed=moved.done)
        yield moved


class _Devices(ProgressColumn):
    """How many devices there are by now, and how many in a second."""

    def __init__(self, moved: Moved) -> None:
        super().__init__()
        self._moved = moved

    def render(self, task: Task) -> Text:
        rate = self._moved.devices / task.elapsed if task.elapsed else 0
        return Text(f"{self._moved.counted}, {rate:,.0f}/s")
