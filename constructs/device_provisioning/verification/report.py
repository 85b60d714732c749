"""The report of a run, in Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..version import __version__
from .account import Account
from .leftovers import Left
from .promise import Result

HEADINGS = ("what", "holds", "what AWS answered", "seconds", "the emulator")


@dataclass
class Run:
    """What became of a run.

    Args:
        account: Where it took place.
        engine: What deployed the fleet.
        day: When, as a date.
        seconds_to_deploy: How long the deployment took; nothing if there was none.
        seconds_to_remove: How long the removal took; nothing if there was none.
        results: What came of what was tried.
        problem: Why not everything was tried, if so.
        left: What could not be removed.
    """

    account: Account
    engine: str
    day: str
    seconds_to_deploy: float | None = None
    seconds_to_remove: float | None = None
    results: list[Result] = field(default_factory=list)
    problem: str = ""
    left: Sequence[Left] = ()

    @property
    def is_good(self) -> bool:
        """Whether everything was tried, every promise is kept, and nothing is left."""
        return not self.problem and not self.left and all(result.is_kept for result in self.results)


def markdown(run: Run) -> str:
    """The report."""
    return "\n".join([*_head(run), *_table(run), *_left(run), ""])


def _head(run: Run) -> Iterator[str]:
    yield "# What AWS answered"
    yield ""
    place = f"account {run.account.number}, {run.account.region}"
    yield f"device-provisioning {__version__}, {run.engine}, {place}, {run.day}"
    yield ""
    if run.seconds_to_deploy is not None:
        yield f"- deployed in {run.seconds_to_deploy:.0f} seconds"
    if run.seconds_to_remove is not None:
        yield f"- removed in {run.seconds_to_remove:.0f} seconds"
    promised = [result for result in run.results if result.promise.is_promised]
    yield f"- {sum(result.is_kept for result in promised)} of {len(promised)} promises kept"
    yield f"- {sum(result.differs for result in run.results)} answers differ from the emulator's"
    yield ""
    if run.problem:
        yield f"Not everything was tried: {run.problem}"
        yield ""


def _table(run: Run) -> Iterator[str]:
    if not run.results:
        return
    yield _row(HEADINGS)
    yield _row("---" for _ in HEADINGS)
    for result in run.results:
        emulator = f"differs: {result.promise.emulator}" if result.differs else "the same"
        cells = (result.promise.text, _holds(result), result.answer, f"{result.seconds:.1f}", emulator)
        yield _row(cells)
    yield ""


def _holds(result: Result) -> str:
    if not result.is_kept:
        return "no"
    return "yes" if result.promise.is_promised else ""


def _left(run: Run) -> Iterator[str]:
    if run.left:
        yield "## What is left"
        yield ""
        for left in run.left:
            yield f"- {_line(left.what)}: {_line(left.why)}: `{left.command}`"
        yield ""


def _row(cells: "Iterator[str] | Sequence[str]") -> str:
    return f"| {' | '.join(_line(cell) for cell in cells)} |"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
