"""The process of the command, from its start to its end."""

import sys
from collections.abc import Callable

from ..extras import reporting_missing_extras
from .aws_place import drop_empty_variables
from .exit_status import INTERRUPTED
from .interruption import Interruption, leave
from .standard_files import open_standard_files
from .standard_output import standard_output


def run_and_end(command: Callable[[], object]) -> None:
    """Run the command, and end the process with its exit status."""
    open_standard_files()
    drop_empty_variables()
    with Interruption(seconds=0) as interruption:
        try:
            with reporting_missing_extras(), standard_output():
                command()
        except SystemExit as ended:
            status = ended.code
        except KeyboardInterrupt:
            # Before a verb began, or as it was ending.
            sys.stderr.write("interrupted\n")
            status = INTERRUPTED
    leave(status, at_once=interruption.asked)
