"""Records of the list: shown, exported, blocked."""

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from ..console.activity import at_work
from ..console.exit_status import FAILED
from ..console.progress import bar
from ..console.standard_output import output
from ..console.text import printable
from ..records.record import CERTIFICATE_ID, SERIAL_NUMBER, plain
from .device_state import certificate_state, state_in_words
from .table import AllowListTable


def export_records(table_name: str, out: str | None) -> int:
    """Write every record as a line of JSON; the exit status.

    Raises:
        UnreadableError: If the table can't be read or the file not written.
    """
    table = AllowListTable(table_name)
    with output(out) as file, bar("read") as move:
        for number, record in enumerate(table.records(), 1):
            file.write(_line(record).encode())
            move(number, number)
    return 0


def show_records(table_name: str, serial_numbers: Sequence[str], *, as_json: bool) -> int:
    """Write the states of devices in words, or their records; the exit status, 1 when one is not on the list.

    Raises:
        UnreadableError: If AWS refuses or can't be reached.
    """
    table = AllowListTable(table_name)
    missing = []
    with at_work(lambda: f"{serial_number}: is being read"):
        for serial_number in serial_numbers:
            if record := table.record(serial_number):
                sys.stdout.write(_line(record) if as_json else f"{printable(_state(plain(record)))}\n")
            else:
                missing.append(serial_number)
    return _report_missing(table_name, missing)


def set_blocked(table_name: str, serial_numbers: Sequence[str], *, blocked: bool) -> int:
    """Block devices or not; the exit status, 1 when one is not on the list."""
    table = AllowListTable(table_name)
    missing, number = [], 0

    def done() -> str:
        return f"{number:,} of {len(serial_numbers):,} devices are done"

    try:
        with at_work(done):
            for serial_number in serial_numbers:
                if not table.set_blocked(serial_number, blocked=blocked):
                    missing.append(serial_number)
                number += 1
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{done()}: run the command again") from None
    return _report_missing(table_name, missing)


def _state(record: dict[str, Any]) -> str:
    certificate_id = record.get(CERTIFICATE_ID)
    certificate = certificate_state(str(certificate_id)) if certificate_id else None
    return f"{record[SERIAL_NUMBER]}: {state_in_words(record, certificate, int(time.time()))}"


def _report_missing(table_name: str, missing: Sequence[str]) -> int:
    for serial_number in missing:
        sys.stderr.write(f"{serial_number}: is not on the list {table_name}\n")
    return FAILED if missing else 0


def _line(record: dict[str, Any]) -> str:
    return json.dumps(plain(record), ensure_ascii=False, sort_keys=True, default=str) + "\n"
