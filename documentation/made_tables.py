"""Pages with tables that are made of the code: ``python -m documentation.made_tables`` regenerates them."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from . import capacity_tables, emulator_tables, engines_table

Tables = Mapping[str, Callable[[], str]]

FOLDER = Path(__file__).parents[1] / "docs"
MARKED = re.compile(r"(<!-- (\w+): made by python -m documentation.made_tables -->\n).*?(<!-- end -->)", re.S)
PAGES: Mapping[str, Tables] = {
    "cost.md": capacity_tables.COST,
    "emulator.md": emulator_tables.TABLES,
    "engines.md": engines_table.TABLES,
    "quotas.md": capacity_tables.QUOTAS,
}
"""Every page with its tables, each by name."""


def with_tables(text: str, tables: Tables) -> str:
    """A page with its tables regenerated."""
    return MARKED.sub(lambda match: f"{match[1]}\n{tables[match[2]]()}\n{match[3]}", text)


if __name__ == "__main__":
    for name, tables in PAGES.items():
        page = FOLDER / name
        page.write_text(with_tables(page.read_text("utf-8"), tables), "utf-8")
