"""The decision on differences between AWS and the emulator names tests for each, and all of them exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "decisions" / "where-aws-differs.md"
ROWS = re.findall(r"^\| (A\d+) \|(.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
TESTS = {row: re.findall(r"`(tests/\w+\.py)::(\w+)`", cells) for row, cells in ROWS}


def test_each_of_the_sixteen_differences_has_a_test():
    assert list(TESTS) == [f"A{number}" for number in range(1, 17)]
    assert all(TESTS.values())


def test_every_test_that_is_named_exists():
    named = {test for tests in TESTS.values() for test in tests}
    assert {(file, name) for file, name in named if name not in functions(ROOT / file)} == set()


def functions(file):
    """The names of the functions of a module."""
    module = ast.parse(file.read_text("utf-8"))
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
