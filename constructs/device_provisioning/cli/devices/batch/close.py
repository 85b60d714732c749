"""The verb ``devices batch close``."""

from ....console.problems import exit_with
from ...aws_options import talks_to_aws
from ..options import Table
from .options import Name


@talks_to_aws
def close_batch(name: Name, table: Table) -> None:
    """Keep all devices of a batch from registering, at once.

    Certificates that they already have stay active. The exit status is 1 when there is no such batch.
    """
    from ....allow_list.batches import close_batch as closing

    exit_with(lambda: closing(table, name))
