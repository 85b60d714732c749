"""What happens, step by step, each with its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from ..problem import LocalProblem
from ..processes import CommandFailed


class StepFailed(Exception):  # noqa: N818  # what the user reads
    """A step went otherwise than the demo says; the message says what happened instead."""


@dataclass
class Step:
    """A step that is under way; what it came to is shown when it ends."""

    result: str = ""


class Progress:
    """Print each step when it ends: whether it happened, what it came to, its seconds.

    Args:
        console: Where to.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def heading(self, text: str) -> None:
        """Say what the following steps belong to."""
        self._console.print(f"\n[bold]{escape(text)}[/bold]")

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Do something that the user waits for.

        Raises:
            StepFailed: If it raises something that does not tell the user what to do.
        """
        started, step = time.perf_counter(), Step()
        try:
            with self._console.status(escape(text)):
                yield step
        except BaseException as error:
            if isinstance(error, LocalProblem):
                raise
            self._ended("[red]✗[/red]", text, started)
            if isinstance(error, CommandFailed | StepFailed) or not isinstance(error, Exception):
                raise
            raise StepFailed(f"{text} {type(error).__name__}: {error}") from error
        self._ended("[green]✓[/green]", f"{text} {step.result}".strip(), started)

    def _ended(self, mark: str, text: str, started: float) -> None:
        seconds = time.perf_counter() - started
        self._console.print(f"  {mark} {escape(f'{text:<80}')} {seconds:6.2f} s", soft_wrap=True)
