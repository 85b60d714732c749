"""A pre-provisioning hook that is asked about every device, as AWS IoT asks it."""

import json
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Self

from ..aws_iot.evaluation import Failure, FailureReason, RefusedError, read_hook_answer
from ..aws_iot.evaluation.problems import Problem
from ..aws_iot.limits import HOOK_TIMEOUT_SECONDS
from ..console.activity import at_work
from ..console.devices import Device
from ..console.sources import UnreadableError
from . import hook_process
from .line_process import LineProcess
from .simulator import is_hook_asked

_SECONDS_TO_END = 1
_MOST_AHEAD = 32
_ROOM = 1 << 13
"""Bytes of questions that are neither read nor answered: with those of the answers less than a pipe holds."""
_QUICK_SECONDS = 0.01
"""A slower hook gains nothing, and after Ctrl-C it would have decided about devices without an outcome."""


class HookInTheLoop:
    """A handler of yours, in a process of its own that ends with the block.

    Args:
        name: ``MODULE:FUNCTION``, found as Python finds it from the current folder.

    Raises:
        UnreadableError: If there is no such function.
    """

    def __init__(self, name: str) -> None:
        module_name, _, function_name = name.partition(":")
        if not (module_name and function_name):
            raise UnreadableError(f"--hook {name!r}: give MODULE:FUNCTION, such as hook:handler")
        self._name = name
        self._count = 0
        self._questions: deque[bytes] = deque()
        self._sent = 0
        self._ahead = 1
        self._process: LineProcess | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ahead_of(self, devices: Iterable[Device]) -> Iterator[Device]:
        """The devices, read ahead: a quick hook works on the next ones while an outcome is worked out.

        Args:
            devices: The devices. An error or Ctrl-C that ends them comes after those that were read.
        """
        waiting: deque[Device] = deque()
        problem: BaseException | None = None
        try:
            for device in devices:
                if is_hook_asked(device):
                    self._ask(device.parameters)
                waiting.append(device)
                while len(waiting) >= self._ahead:
                    yield waiting.popleft()
        except (KeyboardInterrupt, UnreadableError) as ended:
            problem = ended
        yield from waiting
        if problem:
            raise problem

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """The parameters that the handler overrides for a device.

        What it writes goes to standard error, and its answer through JSON, as in Lambda. One that takes
        longer than AWS IoT waits is ended, and starts again for the next device.

        Args:
            parameters: What the device supplies; that of the first of those asked ahead that has no answer.

        Raises:
            RefusedError: If it denies, fails, takes longer than AWS IoT waits, or answers something else.
        """
        if not self._questions:
            self._ask(parameters)
        answer = self._answered()
        if "failed" in answer:
            raise _refused(Problem.HOOK_FAILED, answer["failed"])
        if answer["late"]:
            raise _too_slow()
        return read_hook_answer(answer["answer"])

    def _ask(self, parameters: Mapping[str, str]) -> None:
        self._count += 1
        self._questions.append(json.dumps([self._count, dict(parameters)]).encode() + b"\n")

    def _answered(self) -> dict[str, Any]:
        process = self._process or self._start()
        if not process.has_answered:
            self._send(process)
        asked_at = time.monotonic()
        try:
            line = process.answer(HOOK_TIMEOUT_SECONDS)
        except TimeoutError:
            self._end()
            raise _too_slow() from None
        finally:
            self._questions.popleft()
        if line is None:
            status = self._end(_SECONDS_TO_END)
            raise _refused(Problem.HOOK_FAILED, f"it ended its process with exit status {status}")
        self._sent -= 1
        self._ahead = _MOST_AHEAD if time.monotonic() - asked_at < _QUICK_SECONDS else 1
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _send(self, process: LineProcess) -> None:
        """Send what is asked and not sent yet, as far as it fits into a pipe."""
        room = _ROOM - sum(map(len, islice(self._questions, self._sent)))
        questions = []
        for question in islice(self._questions, self._sent, None):
            room -= len(question)
            if self._sent and room < 0:
                break
            questions.append(question)
            self._sent += 1
        process.ask(b"".join(questions))

    def _start(self) -> LineProcess:
        options = [f"-W{option}" for option in sys.warnoptions]
        program = [sys.executable, "-u", *options, str(Path(hook_process.__file__))]
        process = self._process = LineProcess([*program, self._name, str(HOOK_TIMEOUT_SECONDS)])
        try:
            with at_work(lambda: f"--hook {self._name}: is being imported"):
                started = process.answer(None)
        except BaseException:
            self._end()
            raise
        problem = (
            json.loads(started)["problem"] if started else "its process ended while it was being imported"
        )
        if problem:
            self._end()
            raise UnreadableError(f"--hook {self._name}: {problem}")
        return process

    def _end(self, seconds: float = 0) -> int | None:
        """End the process, and those that it began; the next one gets what was not answered."""
        process, self._process, self._sent = self._process, None, 0
        return process.end(seconds) if process else None


def _too_slow() -> RefusedError:
    return _refused(Problem.HOOK_TOO_SLOW.format(seconds=HOOK_TIMEOUT_SECONDS), None)


def _refused(problem: str, given: str | None) -> RefusedError:
    return RefusedError(Failure(FailureReason.INVOCATION_ERROR, "", str(problem), given))
