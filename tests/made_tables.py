"""Pages with tables that are made of the code: ``python -m tests.made_tables`` makes them anew."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs"
MARKED = re.compile(r"(<!-- (\w+): made by python -m tests.made_tables -->\n).*?(<!-- end -->)", re.S)


def rows(header, found):
    """A table of Markdown."""
    lines = [header, ["---"] * len(header), *found]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def with_tables(text, tables):
    """A page with its tables made anew."""
    return MARKED.sub(lambda match: f"{match[1]}\n{tables[match[2]]()}\n{match[3]}", text)


def pages():
    """Every page with its tables, each by name."""
    import emulator_tables
    import engines_table

    return {"emulator.md": emulator_tables.TABLES, "engines.md": engines_table.TABLES}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    for name, tables in pages().items():
        page = FOLDER / name
        page.write_text(with_tables(page.read_text("utf-8"), tables), "utf-8")
