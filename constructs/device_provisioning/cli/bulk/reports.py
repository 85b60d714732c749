"""The reports of a registration task."""

import urllib.request
from collections.abc import Iterator

from ..aws_calls import AwsCalls
from ..formats import printable
from ..sources import UnreadableError

SECONDS = 30


def report_lines(task: str, kind: str) -> Iterator[str]:
    """The lines of a report: ``ERRORS`` or ``RESULTS``.

    Raises:
        UnreadableError: If AWS refuses, or a link can't be fetched.
    """
    calls = AwsCalls(task)
    links = calls.pages("list_thing_registration_task_reports", "resourceLinks", taskId=task, reportType=kind)
    for link in links:
        yield from _lines(task, link)


def _lines(task: str, link: str) -> Iterator[str]:
    # A link carries a signature: it is not shown.
    if not link.startswith("https://"):
        raise UnreadableError(f"{task}: the link of a report is not of https: it is not fetched")
    try:
        with urllib.request.urlopen(link, timeout=SECONDS) as answer:  # noqa: S310  # https, as checked
            for line in answer:
                yield printable(line.decode("utf-8", "replace").rstrip("\r\n"))
    except OSError as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise UnreadableError(f"{task}: a report can't be fetched: {reason}: ask for it again") from None
