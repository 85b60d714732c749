"""Python before 3.11.4 reads from a connection that is paused as it is made, and TLS never begins."""

import sys
from asyncio import selector_events
from collections.abc import Callable
from typing import Any

FIXED_IN = (3, 11, 4)


def install() -> None:
    """Let a paused connection wait, as newer versions of Python do by themselves."""
    if sys.version_info >= FIXED_IN:
        return
    transport: Any = selector_events._SelectorTransport  # type: ignore[attr-defined]
    add_reader = transport._add_reader

    def add_reader_unless_paused(self: Any, fd: int, callback: Callable[..., Any], *args: Any) -> None:
        if not getattr(self, "_paused", False):
            add_reader(self, fd, callback, *args)

    transport._add_reader = add_reader_unless_paused
