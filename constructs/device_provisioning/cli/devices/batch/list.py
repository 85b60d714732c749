"""The verb ``devices batch list``."""

from ....console.problems import exit_with
from ...aws_options import talks_to_aws
from ..options import Table
from .options import BatchFormat, Format


@talks_to_aws
def list_batches(table: Table, output_format: Format = BatchFormat.TEXT) -> None:
    """Show every batch of a list, one line per batch.

    The whole table is read for it.
    """
    from ....allow_list.batches import list_batches as listing

    exit_with(lambda: listing(table, as_json=output_format is BatchFormat.JSON))
