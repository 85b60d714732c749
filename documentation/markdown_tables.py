"""Tables of Markdown."""

from collections.abc import Iterable, Sequence


def rows(header: Sequence[str], found: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [header, ["---"] * len(header), *found]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
