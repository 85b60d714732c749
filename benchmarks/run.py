"""Run benchmarks, all or those that are named: ``python -m benchmarks.run [NAME…]``.

A benchmark is a module of this folder with a function ``measure`` that yields measurements.
"""

import importlib
import json
import pkgutil
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .measurement import Measurement

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
NO_BENCHMARKS = {"measurement", "run"}


def benchmarks() -> list[str]:
    """The names of all benchmarks."""
    return sorted({module.name for module in pkgutil.iter_modules([str(HERE)])} - NO_BENCHMARKS)


def run(names: Sequence[str]) -> None:
    """Measure, print a table each and write ``results.json``; results of others in it stay."""
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        measurements = list(module.measure())
        Console().print(_table(name, str(module.__doc__).splitlines()[0], measurements))
        results[name] = {"machine": _machine(), "measurements": [asdict(each) for each in measurements]}
        RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _table(name: str, description: str, measurements: Sequence[Measurement]) -> Table:
    columns = dict.fromkeys(column for each in measurements for column in each.values)
    table = Table(name, *(column.replace("_", " ") for column in columns), title=description)
    for each in measurements:
        numbers = [each.values.get(column) for column in columns]
        table.add_row(each.case, *("" if value is None else _written(value) for value in numbers))
    return table


def _written(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def _machine() -> str:
    return f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Run what the command line names."""
    unknown = set(sys.argv[1:]) - set(benchmarks())
    if unknown:
        raise SystemExit(
            f"no benchmarks: {', '.join(sorted(unknown))}: give some of {', '.join(benchmarks())}"
        )
    run(sys.argv[1:] or benchmarks())


if __name__ == "__main__":
    main()
