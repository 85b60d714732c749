"""The steps of a decision: reserve as if the device were new, and only if that fails ask what holds it."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...records.calls import Calls, NoTime, SecondsLeft, reason_of
from ...records.transaction import Changed
from .allow_list import AllowList, found_instead
from .certificates import certificate_status
from .decision import Decision, Request, expected, read_request, reservation
from .reasons import Denied, Reason
from .settings import Settings

_MOST_RESERVATIONS = 4
"""Others that were faster change a record; after so many the device asks again."""


class Hook:
    """Decide whether devices may register.

    Args:
        settings: What the hook was deployed with.
        dynamodb: A botocore client of DynamoDB; it must give up within ``LEAST_SECONDS``.
        iot: Makes a botocore client of AWS IoT, which the usual path does not need; as quick as the other.
        now: The time in seconds since 1970.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        settings: Settings,
        dynamodb: Any,
        iot: Callable[[], Any],
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._allow_list = AllowList(dynamodb, settings.table_name)
        self._iot = iot
        self._now = now
        self._sleep = sleep

    def decide(self, event: Any, seconds_left: SecondsLeft) -> Decision:
        """Decide on one request; every failure is a denial."""
        try:
            request = read_request(event, self._settings)
            return self._reserved(request, Calls(seconds_left, self._sleep))
        except Denied as denial:
            return Decision(False, str(denial))
        except (NoTime, ClientError, BotoCoreError) as outcome:
            return Decision(False, reason_of(outcome))

    def _reserved(self, request: Request, calls: Calls) -> Decision:
        def status_of(certificate_id: str) -> str:
            return calls.made(lambda: certificate_status(self._iot(), certificate_id))

        found = expected(request, self._settings)
        for _ in range(_MOST_RESERVATIONS):
            # The time is read before the states are: what they say is at least as late.
            wanted = reservation(request, found, status_of, self._settings, int(self._now()))
            try:
                calls.made(self._allow_list.reserving(request, found, wanted).send)
            except Changed as outcome:
                found = found_instead(found, outcome)
            else:
                return Decision(True, Reason.LISTED, wanted.parameter_overrides)
        raise Denied(Reason.OVERTAKEN)
