"""The verb ``devices unblock``."""

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from .options import SerialNumbers, Table


@talks_to_aws
def unblock_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Let blocked devices register again.

    They may do so as often as before they were blocked.
    """
    from ...allow_list.records import set_blocked

    exit_with(lambda: set_blocked(table, serial_numbers, blocked=False))
