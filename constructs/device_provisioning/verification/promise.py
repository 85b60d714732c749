"""What is promised, or only compared, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

from .fleet import Fleet


class Broken(Exception):  # noqa: N818  # what the report says
    """A promise is not kept; the message is what AWS answered."""


@dataclass(frozen=True)
class Promise:
    """Something that is tried with a deployed fleet.

    Args:
        text: What holds.
        ask: Tries it; gives what AWS answered.
        emulator: What the emulator of this project answers.
        is_promised: Whether this library promises it; else it is what AWS decides, and only compared.
    """

    text: str
    ask: Callable[[Fleet], str]
    emulator: str
    is_promised: bool = True


@dataclass(frozen=True)
class Result:
    """What came of it.

    Args:
        promise: What was tried.
        answer: What AWS answered.
        is_kept: Whether it holds.
        seconds: How long it took.
    """

    promise: Promise
    answer: str
    is_kept: bool
    seconds: float

    @property
    def differs(self) -> bool:
        """Whether the emulator answers something else."""
        return self.answer != self.promise.emulator


def kept(holds: object, answer: str) -> str:
    """The answer, if the promise holds.

    Raises:
        Broken: If it does not.
    """
    if not holds:
        raise Broken(answer)
    return answer
