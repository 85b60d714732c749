"""A run from its plan to its report."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..console.exit_status import FAILED
from ..console.sources import UnreadableError
from ..console.standard_output import output
from .account import account_of, broker_of
from .attempt import Attempt
from .aws import Aws
from .cloud_trail import calls_of_the_role
from .engine import ENGINES
from .naming import Names
from .plan import plan
from .pulumi_engine import STATE
from .report import Run, markdown


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Args:
        engine: ``cdk`` or ``pulumi``.
        keep: Whether the fleet stays.
        report: Where the report goes; standard output by default.
        endpoint: Where devices connect to, ``HOST`` or ``HOST:PORT``; what AWS IoT gives by default.
        ca_file: The authorities that devices trust; this machine's by default.
        cloud_trail_minutes: After how many minutes CloudTrail is asked; it is not by default.
    """

    engine: str
    keep: bool = False
    report: str | None = None
    endpoint: str | None = None
    ca_file: Path | None = None
    cloud_trail_minutes: int | None = None


def verify(request: Request, agree: Callable[[str], bool]) -> int:
    """Deploy a fleet, let devices try what is promised, remove it; the exit status.

    Args:
        request: What is asked for.
        agree: Shows the plan, and says whether to go on.

    Raises:
        UnreadableError: Before anything is made, if something is missing.
        KeyboardInterrupt: If it was interrupted, with what is left.
    """
    aws = Aws()
    account = account_of(aws)
    broker = broker_of(aws, request.endpoint, request.ca_file)
    with _folder() as folder:
        names = Names.new()
        engine = ENGINES[request.engine](aws, names, folder)
        if not agree(plan(account, names, engine.makes, engine.commands)):
            return FAILED
        run = Run(account, request.engine, f"{datetime.now(UTC):%Y-%m-%d}")
        trailed = calls_of_the_role(request.cloud_trail_minutes)
        attempt = Attempt(run, aws, broker, names, engine, trailed)
        try:
            attempt.go(keeps=request.keep)
        finally:
            with output(request.report) as file:
                file.write(markdown(run).encode())
        return 0 if run.is_good else FAILED


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for tools, which is gone at the end unless the state of what is still there is in it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="dp-verify-"))
    except OSError as error:
        raise UnreadableError(
            f"the folder for temporary files: cannot be written: {error.strerror}"
        ) from None
    try:
        yield folder
    finally:
        if not (folder / STATE).exists():
            shutil.rmtree(folder, ignore_errors=True)
