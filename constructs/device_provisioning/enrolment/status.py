"""The status of a list: its devices counted, or those that are asked for."""

import csv
import io
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from ..allow_list.table import AllowListTable
from ..console.exit_status import INTERRUPTED
from ..console.interruption import Interruption
from ..console.progress import bar
from ..console.records import json_line
from ..console.sources import UnreadableError
from ..console.standard_output import StandardOutput
from ..records.record import CERTIFICATE_ID, plain
from .certificate_statuses import CertificateStatuses
from .counts import COLUMNS, Counts
from .denials import denials
from .enrolled_device import EnrolledDevice, State, enrolled_device
from .since import since_seconds
from .status_format import StatusFormat

AT_ONCE = 500
"""Records whose certificates are asked about together."""
LOG_SINCE = "24h"


@dataclass(frozen=True)
class StatusRequest:
    """What the command line asks for: see the options of ``devices status``."""

    table_name: str
    registered: bool
    never: bool
    blocked: bool
    since: str | None
    log_group: str | None
    parallel: int
    output_format: StatusFormat

    @property
    def lists(self) -> bool:
        """Whether devices are listed rather than counted."""
        return self.registered or self.never or self.blocked or self.since is not None


def show_status(request: StatusRequest) -> int:
    """Write the status of a list; the exit status.

    Raises:
        UnreadableError: If something given is wrong, or AWS refuses or can't be reached.
    """
    now = int(time.time())
    since = since_seconds(request.since, now) if request.since is not None else None
    if request.log_group and request.output_format is StatusFormat.CSV:
        raise UnreadableError("--log-group: CSV has no room for reasons: give --format text or jsonl")
    with Interruption() as interruption, StandardOutput() as output, bar("read") as move:
        devices = _followed(_devices(request, now, interruption), move)
        try:
            pieces = _listed(request, devices, since) if request.lists else _counted(request, devices)
            for piece in pieces:
                output.write(piece)
        except KeyboardInterrupt:
            interruption.asked = True
    if interruption.asked:
        sys.stderr.write("interrupted: what was written is not complete\n")
        return INTERRUPTED
    if request.log_group:
        sys.stdout.write(_denied(request, since if since is not None else since_seconds(LOG_SINCE, now)))
    return 0


def _devices(request: StatusRequest, now: int, interruption: Interruption) -> Iterator[EnrolledDevice]:
    statuses = CertificateStatuses(request.parallel, interruption)
    records = map(plain, AllowListTable(request.table_name).records())
    while not interruption.asked and (some := list(islice(records, AT_ONCE))):
        of = statuses.of(str(record[CERTIFICATE_ID]) for record in some if CERTIFICATE_ID in record)
        for record in some:
            status = of.get(str(record[CERTIFICATE_ID])) if CERTIFICATE_ID in record else None
            if interruption.asked:
                return
            yield enrolled_device(record, status, now)


def _followed(devices: Iterable[EnrolledDevice], move: Any) -> Iterator[EnrolledDevice]:
    for number, device in enumerate(devices, 1):
        move(number, number)
        yield device


def _is_meant(request: StatusRequest, device: EnrolledDevice, since: int | None) -> bool:
    at = device.reserved_at
    return (
        (not request.registered or device.state is State.REGISTERED)
        and (not request.never or device.state in (State.NEVER, State.GONE))
        and (not request.blocked or device.blocked)
        and (since is None or (at is not None and at >= since))
    )


def _listed(request: StatusRequest, devices: Iterable[EnrolledDevice], since: int | None) -> Iterator[bytes]:
    names = [field.name for field in fields(EnrolledDevice)]
    if request.output_format is StatusFormat.CSV:
        yield _csv(names)
    for device in devices:
        if _is_meant(request, device, since):
            match request.output_format:
                case StatusFormat.TEXT:
                    yield f"{device.text}\n".encode()
                case StatusFormat.CSV:
                    yield _csv([device.values[name] for name in names])
                case StatusFormat.JSONL:
                    yield json_line(device.values)


def _counted(request: StatusRequest, devices: Iterable[EnrolledDevice]) -> Iterator[bytes]:
    counts = Counts()
    for device in devices:
        counts.add(device)
    match request.output_format:
        case StatusFormat.TEXT:
            yield counts.text().encode()
        case StatusFormat.CSV:
            yield _csv(["batch", *COLUMNS])
            for row in counts.rows():
                yield _csv(list(row.values()))
        case StatusFormat.JSONL:
            for row in counts.rows():
                yield json_line(row)


def _csv(cells: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(["" if cell is None else _plain(cell) for cell in cells])
    return text.getvalue().encode()


def _plain(cell: Any) -> Any:
    return str(cell).lower() if isinstance(cell, bool) else cell


def _denied(request: StatusRequest, since: int) -> str:
    found: Mapping[str, int] = denials(str(request.log_group), since)
    if request.output_format is StatusFormat.JSONL:
        return json_line({"denied": found}).decode()
    when = f"since {request.since}" if request.since else "in the last 24 hours"
    lines = [
        f"{sum(found.values()):,} denied {when}",
        *(f"{count:9,}  {reason}" for reason, count in found.items()),
    ]
    return "".join(f"{line}\n" for line in lines)
