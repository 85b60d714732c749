"""Tests that ``make test`` leaves to ``make exhaustive``: which they are, and how many, said at the end."""

from collections.abc import Container, Iterable
from typing import Any

import pytest

MARK = "exhaustive"
COMMAND = "make exhaustive"


def telling(values: Iterable[Any], samples: Container[Any]) -> list[Any]:
    """Parameters of a test of which the samples are always tried, and the others where all is tried.

    Args:
        values: All of them.
        samples: Those that tell enough to be tried each time.
    """
    return [
        value if value in samples else pytest.param(value, marks=pytest.mark.exhaustive) for value in values
    ]


class LeftOver:
    """Counts what is left, in this process or in the workers of pytest-xdist, and says it at the end.

    Args:
        config: The configuration of this run.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._number = 0

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Count those that are left because they are exhaustive."""
        if f"not {MARK}" in self._config.option.markexpr:
            self._number += sum(item.get_closest_marker(MARK) is not None for item in items)

    def pytest_sessionfinish(self) -> None:
        """Tell the process that began this one, if it is a worker."""
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[MARK] = self._number

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear it from a worker; each has collected all tests."""
        self._number = max(self._number, getattr(node, "workeroutput", {}).get(MARK, 0))

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> Any:
        """Say how many are left, and what runs them."""
        yield
        if self._number:
            line = f"not run: {self._number} tests that try all of what others try some of: {COMMAND}"
            terminalreporter.write_line(line, yellow=True)
