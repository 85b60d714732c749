"""What AWS IoT says of the certificates of many devices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..allow_list.device_state import GONE
from ..console.aws_calls import AwsCalls
from ..console.interruption import Interruption
from ..console.many import done_at_once

MOST_DESCRIBED = 200
"""AWS IoT describes ten certificates in a second, and lists 2,500.

https://docs.aws.amazon.com/general/latest/gr/iot-core.html
https://docs.aws.amazon.com/iot/latest/apireference/API_ListCertificates.html
"""
PAGE = 250


class CertificateStatuses:
    """The statuses of certificates: described while they are few, and then taken from a list of all.

    Args:
        parallel: How many calls may be under way at once.
        interruption: Says when to stop.

    Raises:
        UnreadableError: If no Region is chosen; while asked, if AWS refuses or can't be reached.
    """

    def __init__(self, parallel: int, interruption: Interruption) -> None:
        settings = {
            "max_pool_connections": parallel,
            "retries": {"mode": "adaptive", "total_max_attempts": 20},
        }
        self._calls = AwsCalls("AWS IoT", settings=settings, shows_waiting=False)
        self._parallel = parallel
        self._interruption = interruption
        self._described = 0
        self._listed: Mapping[str, str] | None = None

    def of(self, certificate_ids: Iterable[str]) -> Mapping[str, str]:
        """The status of each certificate, or ``gone``."""
        wanted = dict.fromkeys(certificate_ids)
        self._described += len(wanted)
        if self._listed is None and self._described > MOST_DESCRIBED:
            self._listed = {
                each["certificateId"]: each["status"]
                for each in self._calls.each("list_certificates", "certificates", pageSize=PAGE)
            }
        known = {name: self._listed[name] for name in wanted if self._listed and name in self._listed}
        # One that was made while the list was read is not in it.
        rest = [name for name in wanted if name not in known]
        return {**known, **dict(self._described_at_once(rest))}

    def _described_at_once(self, certificate_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        return done_at_once(self._status, certificate_ids, self._parallel, lambda: self._interruption.asked)

    def _status(self, certificate_id: str) -> tuple[str, str]:
        answer = self._calls.found("describe_certificate", certificateId=certificate_id)
        return certificate_id, str(answer["certificateDescription"]["status"]) if answer else GONE
