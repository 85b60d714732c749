"""The verb ``devices batch show``."""

from ....console.problems import exit_with
from ...aws_options import talks_to_aws
from ..options import Table
from .options import BatchFormat, Format, Name


@talks_to_aws
def show_batch(name: Name, table: Table, output_format: Format = BatchFormat.TEXT) -> None:
    """Show whether a batch is open, and how full it is.

    The exit status is 1 when there is no such batch.
    """
    from ....allow_list.batches import show_batch as showing

    exit_with(lambda: showing(table, name, as_json=output_format is BatchFormat.JSON))
