"""Records of the list: shown, exported, blocked."""

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from ...lambdas.pre_provisioning_hook.allow_list import plain
from ..sources import UnreadableError
from . import FAILED
from .table import AllowListTable


def export_records(table_name: str, out: str | None) -> int:
    """Write every record as a line of JSON; the exit status.

    Raises:
        UnreadableError: If the table can't be read or the file not written.
    """
    table = AllowListTable(table_name)
    try:
        with _opened(out) as file:
            for record in table.records():
                file.write(_line(record))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnreadableError(f"{out}: cannot be written: {error.strerror or error}") from None
    return 0


def show_records(table_name: str, serial_numbers: Sequence[str]) -> int:
    """Write the records of devices; the exit status, 1 when one is not on the list."""
    table = AllowListTable(table_name)
    missing = []
    for serial_number in serial_numbers:
        if record := table.record(serial_number):
            sys.stdout.write(_line(record))
        else:
            missing.append(serial_number)
    return _told_missing(table_name, missing)


def set_blocked(table_name: str, serial_numbers: Sequence[str], *, blocked: bool) -> int:
    """Block devices or not; the exit status, 1 when one is not on the list."""
    table = AllowListTable(table_name)
    missing = [
        serial_number
        for serial_number in serial_numbers
        if not table.set_blocked(serial_number, blocked=blocked)
    ]
    return _told_missing(table_name, missing)


def _told_missing(table_name: str, missing: Sequence[str]) -> int:
    for serial_number in missing:
        sys.stderr.write(f"{serial_number}: is not on the list {table_name}\n")
    return FAILED if missing else 0


def _opened(name: str | None) -> AbstractContextManager[TextIO]:
    return Path(name).open("w", encoding="utf-8") if name else nullcontext(sys.stdout)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(plain(record), ensure_ascii=False, sort_keys=True, default=str) + "\n"
