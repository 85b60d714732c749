"""The steps of a decision: claim the record, and only if that fails ask what holds it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from .allow_list import AllowList, NotClaimed, Record
from .certificates import certificate_status
from .decision import Decision, Request, accept, earlier_certificate, move, read_request
from .reasons import Denied, Reason
from .settings import Settings

LEAST_SECONDS = 1.7
"""A call that could not end in time is not begun: the device tries again."""

Answer = TypeVar("Answer")
SecondsLeft = Callable[[], float]


class Hook:
    """Decide whether devices may register.

    Args:
        settings: What the hook was deployed with.
        dynamodb: A botocore client of DynamoDB; it must give up within ``LEAST_SECONDS``.
        iot: Makes a botocore client of AWS IoT, which the usual path does not need; as quick as the other.
        now: The time in seconds since 1970.
    """

    def __init__(
        self, settings: Settings, dynamodb: Any, iot: Callable[[], Any], now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._allow_list = AllowList(dynamodb, settings.table_name)
        self._iot = iot
        self._now = now

    def decide(self, event: Any, seconds_left: SecondsLeft) -> Decision:
        """Decide on one request; every failure is a denial."""
        try:
            request = read_request(event, self._settings)
            return accept(self._claimed(request, seconds_left))
        except Denied as denial:
            return Decision(False, str(denial))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            return Decision(False, Reason.REFUSED_CALL.format(operation=error.operation_name, code=code))
        except BotoCoreError as error:
            return Decision(False, Reason.NO_ANSWER.format(error=type(error).__name__))

    def _claimed(self, request: Request, seconds_left: SecondsLeft) -> Record:
        now = int(self._now())
        try:
            return _in_time(seconds_left, lambda: self._allow_list.claim(request, now))
        except NotClaimed as outcome:
            record = outcome.record
        earlier = earlier_certificate(record, now)
        status = _in_time(seconds_left, lambda: certificate_status(self._iot(), earlier))
        step = move(earlier, status, record or {}, self._settings, now)
        try:
            return _in_time(seconds_left, lambda: self._allow_list.move(request, step, now))
        except NotClaimed as outcome:
            # The answer to the first of two calls may have been lost.
            if outcome.record and outcome.record.get("certificate_id") == request.certificate_id:
                return outcome.record
            raise Denied(Reason.OVERTAKEN) from None


def _in_time(seconds_left: SecondsLeft, call: Callable[[], Answer]) -> Answer:
    """Call AWS, and once more if it does not answer while there is time for that."""
    _require_time(seconds_left)
    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        if not _may_pass(error):
            raise
    _require_time(seconds_left)
    return call()


def _may_pass(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500)
    return isinstance(error, HTTPClientError)


def _require_time(seconds_left: SecondsLeft) -> None:
    if seconds_left() < LEAST_SECONDS:
        raise Denied(Reason.NO_TIME)
