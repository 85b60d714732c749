"""Every order of what several participants do, with the real code of each.

A participant is code that calls AWS. Its state is the answers that it has got so far: to make its next call
it runs from its start, is given those answers again, and is stopped before the call after next. So a state
can be kept, compared and gone on with in more than one way.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CHECKED = {*(f"P{number}" for number in range(1, 9)), "B1", "B2"}
"""The properties whose violation is one."""


class Violation(AssertionError):  # noqa: N818  # a finding
    """A property does not hold; the message says which, and the steps that led there."""


def violated(name: str, text: str) -> None:
    """Say that a property does not hold."""
    if name in CHECKED:
        raise Violation(f"{name}: {text}")


class _Stopped(BaseException):
    """The code wants to make a call that is not its turn; nothing that it does may catch this."""


@dataclass(frozen=True)
class Answer:
    """What a call was answered: a value, or an error that was raised."""

    value: Any = None
    error: Exception | None = None

    def given(self) -> Any:
        """Return or raise it."""
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.value

    @property
    def identity(self) -> str:
        """What tells it from others."""
        if self.error is not None:
            return f"{self.error!r} {json.dumps(getattr(self.error, 'response', None), default=str)}"
        return json.dumps(self.value, default=str, sort_keys=True)


class Calls:
    """The calls of one run: those that were answered before, and one more.

    Args:
        answers: The answers so far.
        execute: Carries the next call out.
    """

    def __init__(self, answers: tuple[Answer, ...], execute: Callable[..., Answer]) -> None:
        self._answers = iter(answers)
        self._execute = execute
        self._turn_is_over = False
        self.answers = list(answers)

    def call(self, service: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        """A call of AWS, which is a step."""
        if (answer := next(self._answers, None)) is None:
            if self._turn_is_over:
                raise _Stopped
            self._turn_is_over = True
            answer = self._execute(service, operation, arguments)
            self.answers.append(answer)
        return answer.given()

    def look(self, read: Callable[[], Any]) -> Any:
        """Something that is read without a step, such as a clock; it stays what it was."""
        if (answer := next(self._answers, None)) is None:
            answer = Answer(read())
            self.answers.append(answer)
        return answer.given()


class Client:
    """A client of a service as botocore makes it, whose calls are steps."""

    def __init__(self, service: str, calls: Calls) -> None:
        self._service, self._calls = service, calls

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **arguments: self._calls.call(self._service, operation, arguments)

    def get_paginator(self, operation: str) -> "_Pages":
        """Everything is on one page."""
        return _Pages(getattr(self, operation))


class _Pages:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **arguments: Any) -> list[Any]:
        return [self._call(**arguments)]


def run(code: Callable[[Calls], Any], answers: tuple[Answer, ...], execute: Callable[..., Answer]) -> Any:
    """Run code until its next call is made and the one after that is due: its answers, and what it returned.

    The second is ``None`` while it is not at its end, and else a tuple of one.
    """
    calls = Calls(answers, execute)
    try:
        returned = (code(calls),)
    except _Stopped:
        returned = None
    return tuple(calls.answers), returned


@dataclass
class Explorer:
    """Go every way, each state once.

    Args:
        steps: The steps that are possible in a state, each with its name and the state after it.
        identity: What tells a state from others.
        check: Raises ``Violation`` in a state that must not be.
    """

    steps: Callable[[Any], Iterator[tuple[str, Any]]]
    identity: Callable[[Any], Any]
    check: Callable[[Any], None]
    _orders: dict[Any, int] = field(default_factory=dict)
    _way: list[str] = field(default_factory=list)

    @property
    def states(self) -> int:
        """How many different states there are."""
        return len(self._orders)

    def orders(self, state: Any) -> int:
        """How many orders lead from a state to an end, each of whose states was checked."""
        identity = self.identity(state)
        if identity not in self._orders:
            self._orders[identity] = self._checked(state)
        return self._orders[identity]

    def _checked(self, state: Any) -> int:
        try:
            self.check(state)
            orders = 0
            for name, after in self.steps(state):
                self._way.append(name)
                orders += self.orders(after)
                self._way.pop()
        except Violation as violation:
            if self._way:
                steps = "".join(f"\n  {number}. {name}" for number, name in enumerate(self._way, 1))
                self._way = []
                raise Violation(f"{violation} after{steps}") from None
            raise
        return orders or 1
