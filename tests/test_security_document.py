"""SECURITY.md names tests that exist, and says nothing without one."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")


def rows(heading):
    """The cells of the rows of the table under a heading."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_test_that_it_names_exists():
    named = set(re.findall(r"`(tests/\w+\.py)`", TEXT))
    assert named
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_every_promise_names_the_test_that_shows_it():
    promises = [*rows("Promises"), *rows("Claim certificates")]
    assert len(promises) > 10
    assert [cells[0] for cells in promises if "tests/" not in cells[-1]] == []


def test_every_decision_that_it_points_to_exists():
    linked = re.findall(r"\]\((docs/[^)]+)\)", TEXT)
    assert linked
    assert [link for link in linked if not (ROOT / link).is_file()] == []
