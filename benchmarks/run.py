"""Run benchmarks, all or those that are named: ``python -m benchmarks.run [NAME…]``.

A benchmark is a module of this folder with a function ``measure`` that yields measurements. The table of all
results is printed and written into docs/benchmarks.md, between its two marks.
"""

import importlib
import json
import os
import pkgutil
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from rich import box
from rich.console import Console
from rich.table import Table

from workshop.toolchain import tool_environment

from .measurement import written

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- make bench writes what is between here -->", "<!-- and here -->"
NO_BENCHMARKS = {"measurement", "run"}
QUIET = 10
SECONDS_OF_LOOKING = 2
COLUMNS = ("benchmark", "case", "this library", "compared with", "factor", "aim", "met")


def benchmarks() -> list[str]:
    """The names of all benchmarks."""
    found = {module.name for module in pkgutil.iter_modules([str(HERE)]) if not module.ispkg}
    return sorted(found - NO_BENCHMARKS)


def run(names: Sequence[str]) -> None:
    """Measure, write ``results.json``, in which results of others stay, and show the table of all."""
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        busy, module = _percent_busy(), importlib.import_module(f"benchmarks.{name}")
        records = [measurement.record() for measurement in module.measure()]
        about = str(module.__doc__).splitlines()[0].rstrip(".")
        results[name] = {"about": about, "machine": _machine(), "percent_busy": busy, "measurements": records}
        RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    show(results)
    write_page(results)


def show(results: Mapping[str, Any]) -> None:
    """Print the table."""
    table = Table(*COLUMNS, box=box.SIMPLE)
    for row in _rows(results):
        table.add_row(*row)
    Console().print(table, *_machines(results), sep="\n")


def write_page(results: Mapping[str, Any]) -> None:
    """Put the table between the marks of the PAGE."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}", "utf-8")


def markdown(results: Mapping[str, Any]) -> str:
    """The table in Markdown, with the machine below it."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *_rows(results)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{table}\n\n" + "\n".join(_machines(results))


def _rows(results: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            result["about"] if number == 0 else "",
            record["case"],
            f"{written(record['ours'])} {record['unit']}",
            "" if record["other"] is None else f"{written(record['other'])} {record['unit']}",
            "" if record["factor"] is None else f"{written(record['factor'])}×",
            record["aim"] or "",
            {True: "yes", False: "no", None: ""}[record["met"]],
        ]
        for _, result in sorted(results.items())
        for number, record in enumerate(result["measurements"])
    ]


def _machines(results: Mapping[str, Any]) -> list[str]:
    made_on: dict[str, list[str]] = {}
    for name, result in sorted(results.items()):
        made_on.setdefault(result["machine"], []).append(name)
    lines = [f"{', '.join(names)}: made on {machine}." for machine, names in made_on.items()]
    if len(made_on) == 1:
        lines = [f"Made on {machine}." for machine in made_on]
    busiest = max((result["percent_busy"] for result in results.values()), default=0)
    if busiest > QUIET:
        lines.append(f"Other work kept {written(busiest)} % of the machine busy: measure again.")
    return lines


def _percent_busy() -> float:
    """What others take of the machine, as no benchmark runs meanwhile."""
    return psutil.cpu_percent(SECONDS_OF_LOOKING)


def _machine() -> str:
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")


def main() -> None:
    """Run what the command line names."""
    unknown = set(sys.argv[1:]) - set(benchmarks())
    if unknown:
        raise SystemExit(
            f"no benchmarks: {', '.join(sorted(unknown))}: give some of {', '.join(benchmarks())}"
        )
    # What the CDK's own validation of templates takes is nobody's doing, and many times as much.
    os.environ.update({**tool_environment(), "CDK_VALIDATION": "false"})
    run(sys.argv[1:] or benchmarks())


if __name__ == "__main__":
    main()
