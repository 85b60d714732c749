"""Doing something when everything that a program of Pulumi's makes is registered."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi

_PAUSE = 0.01


def at_end_of_program(act: Callable[[], None]) -> None:
    """Call something once no registration is under way and nothing waits for the outputs of one.

    Pulumi waits at the end of a program for what it knows to be under way, the latest first: what is there
    from the beginning is what it waits for when all else is done. Where the program fails, nothing is called.

    Args:
        act: What to call; if it raises an exception, the program fails with it.
    """
    settings: Any = pulumi.runtime.settings.SETTINGS
    under_way = settings.rpc_manager.rpcs

    async def wait() -> None:
        while task in under_way or any(not each.done() for each in [*under_way, *settings.outputs]):
            await asyncio.sleep(_PAUSE)
            if settings.rpc_manager.unhandled_exception:
                return
        act()

    with suppress(RuntimeError):  # no loop: nothing is registered either
        task = asyncio.ensure_future(wait())
        under_way.append(task)
