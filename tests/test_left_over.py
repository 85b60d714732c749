"""A run that leaves out what is exhaustive says at the end how much, and what runs it."""

import subprocess
import sys

import pytest

from tests.support.left_over import telling
from workshop.toolchain import ROOT

pytestmark = pytest.mark.slow

CONFTEST = """
from tests.support.left_over import LeftOver

def pytest_configure(config):
    config.addinivalue_line("markers", "exhaustive: tries all")
    config.pluginmanager.register(LeftOver(config))
"""
TESTS = """
import pytest
from tests.support.left_over import telling

@pytest.mark.parametrize("number", telling(range(5), [3]))
def test_number(number): ...

@pytest.mark.exhaustive
def test_all(): ...

def test_some(): ...
"""


@pytest.fixture
def summary(tmp_path):
    """What a run says at the end."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_some.py").write_text(TESTS)

    def run(*options):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
        environment = {"PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout

    return run


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_what_is_left_is_counted_once_and_named_with_its_command(summary, workers):
    said = summary(workers, "-m", "not exhaustive")
    assert "2 passed" in said
    left = "not run: 5 tests that try all of what others try some of: make exhaustive"
    # pytest's own line, the numbers, is always the last one.
    assert said.splitlines()[-2] == left


@pytest.mark.parametrize("selected", ["", "exhaustive", "other"])
def test_a_run_that_leaves_nothing_out_for_it_says_nothing(summary, selected):
    assert "make exhaustive" not in summary("-n0", "-m", selected)


def test_samples_are_always_tried():
    samples = [value for value in telling("abc", "b") if isinstance(value, str)]
    assert samples == ["b"]
