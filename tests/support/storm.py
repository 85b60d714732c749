"""Many devices at once against the quotas of an account, by a clock that nobody waits for."""

import heapq
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from device_provisioning.lambdas.pre_provisioning_hook.hook import Hook
from tests.support.modelled_aws import World, answered
from tests.support.orders import Answer, Calls, Client, run

CALL_SECONDS = 0.02
HOOK_SECONDS = 5
LONGEST_PAUSE_SECONDS = 16


@dataclass
class TokenBucket:
    """A quota: so many calls a second, and as many at once."""

    rate: float
    tokens: float
    filled_at: float = 0.0

    def takes(self, now: float) -> bool:
        """Whether a call is let through."""
        self.tokens = min(self.rate, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Storm:
    """Devices that register all at once.

    Args:
        world: What there is at first.
        quotas: How many calls a second an operation has; others have no end.
        settings: The settings of the hook.
    """

    def __init__(self, world: World, quotas: Mapping[str, float], settings: Any) -> None:
        self.world = world
        self.seconds = 0.0
        self.throttled: dict[str, int] = dict.fromkeys(quotas, 0)
        self._buckets = {operation: TokenBucket(rate, rate) for operation, rate in quotas.items()}
        self._settings = settings

    def run(self, events: Iterable[Any]) -> None:
        """Let a device for each event register, and ask again until it has."""
        order = itertools.count()
        due = [(0.0, next(order), self._device(event)) for event in events]
        while due:
            self.seconds, _, device = heapq.heappop(due)
            if (waits := next(device, None)) is not None:
                heapq.heappush(due, (self.seconds + waits, next(order), device))

    def _device(self, event: Any) -> Iterator[float]:
        """The seconds that a device waits, each time."""
        for attempt in itertools.count():
            if self._lets_through("register_thing"):
                decision = yield from self._hook(event)
                if decision.allowed:
                    name, serial_number = event["certificateId"], event["parameters"]["SerialNumber"]
                    world = self.world.with_certificate(name, status="ACTIVE")
                    self.world = replace(world, active=world.active | {(serial_number, name)})
                    return
            yield random.uniform(0.5, 1) * min(2**attempt, LONGEST_PAUSE_SECONDS)

    def _hook(self, event: Any) -> Iterator[float]:
        began, answers = self.seconds, ()

        def code(calls: Calls) -> Any:
            hook = Hook(
                self._settings,
                Client("dynamodb", calls),
                lambda: Client("iot", calls),
                lambda: Client("kms", calls),
                lambda: calls.look(lambda: self.world.now + int(self.seconds)),
                lambda seconds: calls.call("clock", "sleep", {"seconds": seconds}),
            )
            return hook.decide(event, lambda: calls.look(lambda: HOOK_SECONDS - (self.seconds - began)))

        while True:
            took: list[float] = []
            answers, returned = run(code, answers, partial(self._execute, took))
            yield sum(took)
            if returned:
                return returned[0]

    def _execute(self, took: list[float], service: str, operation: str, arguments: Any) -> Answer:
        if service == "clock":
            took.append(arguments["seconds"])
            return Answer()
        took.append(CALL_SECONDS)
        if not self._lets_through(operation):
            error = {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            return Answer(error=ClientError(error, operation))
        try:
            value, self.world = answered(self.world, service, operation, arguments)
        except ClientError as error:
            return Answer(error=error)
        return Answer(value)

    def _lets_through(self, operation: str) -> bool:
        bucket = self._buckets.get(operation)
        if bucket is None or bucket.takes(self.seconds):
            return True
        self.throttled[operation] += 1
        return False
