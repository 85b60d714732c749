"""What a command can't do, reported in one line each."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .activity import at_work
from .exit_status import BAD_INPUT, INTERRUPTED
from .sources import UnreadableError
from .text import printable


@contextmanager
def reporting_problems(interrupted: str = "nothing was written") -> Iterator[None]:
    """Report in one line each what a verb can't do, and end with the exit status for it.

    Args:
        interrupted: What Ctrl-C leaves, unless the ``KeyboardInterrupt`` says it, and how to go on.
    """
    try:
        with at_work(lambda: "still at work"):
            yield
    except UnreadableError as error:
        _end(str(error), BAD_INPUT)
    except KeyboardInterrupt as advice:
        _end(f"interrupted: {advice if advice.args else interrupted}", INTERRUPTED)


def exit_with(run: Callable[[], int]) -> None:
    """End with the exit status that something answers, or as ``reporting_problems`` does."""
    with reporting_problems():
        status = run()
    raise SystemExit(status)


def _end(text: str, status: int) -> None:
    for line in text.splitlines():
        print(printable(line), file=sys.stderr)
    raise SystemExit(status) from None
