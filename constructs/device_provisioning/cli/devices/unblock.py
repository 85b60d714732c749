"""The verb ``devices unblock``."""

from ...console.problems import exit_with
from .options import SerialNumbers, Table


def unblock_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Let blocked devices register again.

    They may do so as often as before they were blocked.
    """
    from ...allow_list.records import set_blocked

    exit_with(lambda: set_blocked(table, serial_numbers, blocked=False))
