"""The steps of a decision: claim the record, and only if that fails ask what holds it."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .allow_list import AllowList, NotClaimed
from .certificates import certificate_status
from .decision import Decision, Denied, Request, accept, earlier_certificate, move, read_request
from .settings import Settings

LEAST_SECONDS = 1.5
"""A step that could not end in time is not begun: the device tries again."""


class Hook:
    """Decide whether devices may register.

    Args:
        settings: What the hook was deployed with.
        dynamodb: A botocore client of DynamoDB.
        iot: Makes a botocore client of AWS IoT, which the usual path does not need.
        now: The time in seconds since 1970.
    """

    def __init__(
        self, settings: Settings, dynamodb: Any, iot: Callable[[], Any], now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._allow_list = AllowList(dynamodb, settings.table_name)
        self._iot = iot
        self._now = now

    def decide(self, event: Any, seconds_left: Callable[[], float]) -> Decision:
        """Decide on one request; every failure is a denial."""
        try:
            return self._claim(read_request(event, self._settings), seconds_left)
        except Denied as denial:
            return Decision(False, str(denial))
        except ClientError as error:
            return Decision(False, f"{error.operation_name} failed: {error.response['Error']['Code']}")
        except BotoCoreError as error:
            return Decision(False, f"no answer of AWS: {type(error).__name__}")

    def _claim(self, request: Request, seconds_left: Callable[[], float]) -> Decision:
        now = int(self._now())
        try:
            return accept(self._allow_list.claim(request, now))
        except NotClaimed as outcome:
            earlier = earlier_certificate(outcome.record, now)
            _require_time(seconds_left)
            status = certificate_status(self._iot(), earlier)
            step = move(earlier, status, outcome.record or {}, self._settings, now)
        _require_time(seconds_left)
        try:
            return accept(self._allow_list.move(request, step, now))
        except NotClaimed:
            raise Denied("another registration of this serial number was faster") from None


def _require_time(seconds_left: Callable[[], float]) -> None:
    if seconds_left() < LEAST_SECONDS:
        raise Denied("no time left to decide")
