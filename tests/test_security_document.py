"""SECURITY.md names tests that exist, and says nothing without one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")


def rows(heading):
    """The cells of the rows of the table under a heading."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_test_that_it_names_exists():
    named = set(re.findall(r"`(tests/\w+\.py)(?:::\w+)?`", TEXT))
    assert named
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.slow
def test_every_test_function_that_it_names_exists_and_runs():
    named = set(re.findall(r"`(tests/\w+\.py::\w+)`", TEXT))
    assert len(named) > 10
    assert running(ROOT, *named) == named


@pytest.mark.slow
def test_a_function_that_never_runs_is_not_taken_for_one_that_does(tmp_path):
    (tmp_path / "test_these.py").write_text(THESE)
    (tmp_path / "test_none.py").write_text(
        f"{THESE}\npytestmark = pytest.mark.skipif(True, reason='never')\n"
    )
    assert running(tmp_path) == {"test_these.py::test_runs"}
    assert running(tmp_path, "test_these.py::test_gone") == set()


THESE = """
import pytest

def test_runs(): ...

@pytest.mark.skip
def test_skipped(): ...

@pytest.mark.xfail
def test_expected_to_fail(): ...

@pytest.mark.parametrize("nothing", [])
def test_of_nothing(nothing): ...
"""
COLLECT = """
import json, pytest, sys

class Named:
    def pytest_collection_finish(self, session):
        never = {"skip", "skipif", "xfail"}
        runs = [item for item in session.items if not never.intersection(m.name for m in item.iter_markers())]
        print("RUNS", json.dumps([item.nodeid.partition("[")[0] for item in runs]))

# What make test runs, and make exhaustive.
always = "not distribution and not documentation"
options = ["--collect-only", "-qq", "-n0", "-p", "no:cacheprovider", "-m", always]
pytest.main([*options, *sys.argv[1:]], plugins=[Named()])
"""


def running(folder, *named):
    """The test functions that pytest collects and nothing keeps from running."""
    command = [sys.executable, "-c", COLLECT, *named]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    lines = re.findall(r"^RUNS (.*)$", told, re.M)
    return set(json.loads(lines[0])) if lines else set()


@pytest.mark.parametrize("number", range(1, 8))
def test_each_property_of_an_enrolment_is_a_promise_with_a_test_function(number):
    (cells,) = [cells for cells in rows("Promises") if cells[0].startswith(f"P{number}: ")]
    assert "::test_" in cells[-1]


def test_every_promise_names_the_test_that_shows_it():
    sections = ("Promises", "Claim certificates", "Claims of devices that prove themselves")
    promises = [row for section in sections for row in rows(section)]
    assert len(promises) > 10
    assert [cells[0] for cells in promises if "tests/" not in cells[-1]] == []


def test_every_decision_that_it_points_to_exists():
    linked = re.findall(r"\]\((docs/[^)]+)\)", TEXT)
    assert linked
    assert [link for link in linked if not (ROOT / link).is_file()] == []
