"""Calls of AWS that are made again: a hook's while AWS IoT waits for it, others' while they meet a hook's."""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from .refusals import CallReason, busy_code

LEAST_SECONDS = 1.7
"""A call that could not end in time is not begun: the device tries again."""
_PAUSE_SECONDS = (0.1, 0.4)
_SERVER_ERROR = 500
_SECONDS = 5.0
_CONFLICT, _MOST_CONFLICTS = "TransactionConflictException", 20

Answer = TypeVar("Answer")
SecondsLeft = Callable[[], float]


def _code(error: Any) -> str:
    return str(error.response["Error"]["Code"])


class NoTime(Exception):  # noqa: N818  # an outcome, not an error
    """There is no time left for a call.

    ``busy`` is the code with which AWS turned it away until then, ``None`` if there was no time to ask.
    """

    def __init__(self, busy: str | None) -> None:
        super().__init__()
        self.busy = busy


def reason_of(outcome: NoTime | ClientError | BotoCoreError) -> str:
    """Why a call came to nothing, in the words of a hook's log."""
    match outcome:
        case NoTime(busy=None):
            return CallReason.NO_TIME
        case NoTime(busy=code):
            return CallReason.BUSY.format(code=code)
        case ClientError(operation_name=operation):
            return CallReason.REFUSED_CALL.format(operation=operation, code=_code(outcome))
        case _:
            return CallReason.NO_ANSWER.format(error=type(outcome).__name__)


class Calls:
    """Make calls while there is time.

    Args:
        seconds_left: How long the hook may still run.
        sleep: Waits some seconds.
    """

    def __init__(self, seconds_left: SecondsLeft, sleep: Callable[[float], None]) -> None:
        self._seconds_left = seconds_left
        self._sleep = sleep

    def made(self, call: Callable[[], Answer]) -> Answer:
        """The answer to a call: made once more if none came, and as often as there is time if AWS is busy.

        Raises:
            NoTime: If there is no time for it.
        """
        busy, unanswered = None, False
        while self._seconds_left() >= LEAST_SECONDS:
            try:
                return call()
            except (BotoCoreError, ClientError) as error:
                if code := _busy_code(error):
                    busy = code
                    # Not all of those who were turned away at once come back at once.
                    self._sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311  # no secret
                elif unanswered or not _may_pass(error):
                    raise
                else:
                    unanswered = True
        raise NoTime(busy)


def past_transactions(
    write: Callable[[], Answer],
    refusal: type[Exception] = ClientError,
    code_of: Callable[[Any], str] = _code,
) -> Answer:
    """The answer to a write, made again for some seconds while it meets a transaction of a hook.

    Args:
        write: The write.
        refusal: What it raises if AWS refuses it; an error of botocore by default.
        code_of: AWS's code of a refusal.

    Raises:
        Exception: If AWS refuses it for another reason, or it meets a transaction all the time.
    """
    for _ in range(_MOST_CONFLICTS):
        try:
            return write()
        except refusal as refused:
            if code_of(refused) != _CONFLICT:
                raise
        time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311  # no secret
    return write()


def seconds_left(context: Any) -> SecondsLeft:
    """How long a function may still run, as the context of its invocation says; five seconds without one."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return (lambda: remaining() / 1000) if remaining else (lambda: _SECONDS)


def _busy_code(error: BotoCoreError | ClientError) -> str | None:
    return busy_code(error.response) if isinstance(error, ClientError) else None


def _may_pass(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR)
    return isinstance(error, HTTPClientError)
