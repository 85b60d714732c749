"""The reports of a registration task."""

import urllib.request
from collections.abc import Iterator
from http.client import HTTPException

from ..console.activity import at_work
from ..console.aws_calls import AwsCalls
from ..console.scratch import scratch_file
from ..console.sources import UnreadableError
from ..console.text import printable

SECONDS = 30
BYTES_AT_ONCE = 1 << 16


def report_lines(task: str, kind: str) -> Iterator[str]:
    """The lines of a report: ``ERRORS`` or ``RESULTS``.

    Raises:
        UnreadableError: If AWS refuses, or a link can't be fetched to its end.
    """
    calls = AwsCalls(task)
    links = calls.pages("list_thing_registration_task_reports", "resourceLinks", taskId=task, reportType=kind)
    for link in links:
        yield from _lines(task, link)


def _lines(task: str, link: str) -> Iterator[str]:
    # A link carries a signature: it is not shown.
    if not link.startswith("https://"):
        raise UnreadableError(f"{task}: the link of a report is not of https: it is not fetched")
    with scratch_file() as file:
        with at_work(lambda: f"{task}: {file.tell():,} bytes of a report are fetched"):
            for chunk in _fetched(task, link):
                file.write(chunk)
        file.seek(0)
        for line in file:
            yield printable(line.decode("utf-8", "replace").rstrip("\r\n"))


def _fetched(task: str, link: str) -> Iterator[bytes]:
    """All of a report, piece by piece; the standard library takes a connection that is cut for its end."""
    count = 0
    try:
        with urllib.request.urlopen(link, timeout=SECONDS) as answer:  # noqa: S310  # https, as checked
            promised = answer.headers.get("Content-Length") if answer.headers else None
            while chunk := answer.read(BYTES_AT_ONCE):
                count += len(chunk)
                yield chunk
    except (OSError, HTTPException) as error:
        said = getattr(error, "reason", None) or getattr(error, "strerror", None)
        raise UnreadableError(
            f"{task}: a report can't be fetched: {said or type(error).__name__}: ask for it again"
        ) from None
    if promised is not None and count != int(promised):
        raise UnreadableError(
            f"{task}: a report was cut off after {count:,} of {int(promised):,} bytes: ask for it again"
        )
