"""The verb ``devices block``."""

from ...console.problems import exit_with
from ..aws_options import talks_to_aws
from .options import SerialNumbers, Table


@talks_to_aws
def block_devices(serial_numbers: SerialNumbers, table: Table) -> None:
    """Keep devices from registering.

    Certificates that they already have stay active.
    """
    from ...allow_list.records import set_blocked

    exit_with(lambda: set_blocked(table, serial_numbers, blocked=True))
