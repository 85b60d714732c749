"""The steps of a decision: reserve as if the device were new, and only if that fails ask what holds it."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...records.batch import PUBLIC_KEY, batch_of
from ...records.calls import Calls, NoTime, SecondsLeft, reason_of
from ...records.record import Item
from ...records.transaction import Changed
from .allow_list import AllowList, found_instead
from .attestation import require_proven
from .certificates import certificate_status
from .decision import Decision, Found, batch_name, expected, reservation
from .reasons import Denied, Reason
from .request import Request, read_request
from .settings import Settings

_MOST_RESERVATIONS = 4
"""Others that were faster change a record; after so many the device asks again."""


class Hook:
    """Decide whether devices may register.

    Args:
        settings: What the hook was deployed with.
        dynamodb: A botocore client of DynamoDB; it must give up within ``LEAST_SECONDS``.
        iot: Makes a botocore client of AWS IoT, which the usual path does not need; as quick as the other.
        kms: Makes a botocore client of AWS KMS, which attestation by keys of AWS KMS needs; as quick as well.
        now: The time in seconds since 1970.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        settings: Settings,
        dynamodb: Any,
        iot: Callable[[], Any],
        kms: Callable[[], Any],
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._allow_list = AllowList(dynamodb, settings.table_name)
        self._iot = iot
        self._kms = kms
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

        proven_by = self._batch_of_proof(request, calls)
        found = expected(request, self._settings, proven_by)
        for _ in range(_MOST_RESERVATIONS):
            found = self._with_batch(request, found, calls)
            self._require_same_key(request, found.batch, proven_by, calls)
            # The time is read before the states are: what they say is at least as late.
            wanted = reservation(request, found, status_of, self._settings, int(self._now()))
            try:
                calls.made(self._allow_list.reserving(request, found, wanted).send)
            except Changed as outcome:
                found = found_instead(found, outcome)
            else:
                return Decision(True, Reason.LISTED, wanted.parameter_overrides)
        raise Denied(Reason.OVERTAKEN)

    def _batch_of_proof(self, request: Request, calls: Calls) -> Item | None:
        """The record of the batch that a device proves to be of; ``None`` where no proof is wanted."""
        if not (request.proof and self._settings.attestation):
            return None
        name = request.proof.batch
        batch = calls.made(lambda: self._allow_list.batch(name))
        require_proven(request, batch, self._settings.attestation, self._kms, calls)
        return batch

    def _require_same_key(
        self, request: Request, batch: Item | None, proven_by: Item | None, calls: Calls
    ) -> None:
        """Have the proof judged anew if the batch has got another public key since."""
        if self._settings.attestation and (batch or {}).get(PUBLIC_KEY) != (proven_by or {}).get(PUBLIC_KEY):
            require_proven(request, batch, self._settings.attestation, self._kms, calls)

    def _with_batch(self, request: Request, found: Found, calls: Calls) -> Found:
        """What was found, with the record of the batch that the device is of."""
        name = batch_name(request, found.record)
        if name is None or (found.batch and batch_of(found.batch) == name):
            return found
        return replace(found, batch=calls.made(lambda: self._allow_list.batch(name)))
