"""The fuzzer of `make fuzz`, for seconds: that it finds nothing, and that it would find something."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fuzz_targets import SEEDS, TARGETS
from tests.support.left_over import telling

pytest.importorskip("atheris", reason="there is no wheel of atheris for this machine")
SECONDS = 2
PLANTED = """
import tests.support.fuzz_targets as targets

def planted(data):
    if data[:1] == b"{":
        raise RuntimeError("planted")

targets.TARGETS["rows"] = planted
from tests.support.fuzz import main
main()
"""


def fuzzed(folder, *command):
    environment = {**os.environ, "TMPDIR": str(folder)}
    # A process begins with the most memory that the one it comes from ever had, so a small one is between.
    shell = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable]
    return subprocess.run([*shell, *command], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_of_what_it_is_made_of_breaks_a_target(target):
    seeds = SEEDS[target]()
    assert seeds
    for seed in seeds:
        TARGETS[target](seed)


@pytest.mark.parametrize("target", telling(TARGETS, {"rows"}))
def test_seconds_of_fuzzing_find_nothing(target, tmp_path):
    ran = fuzzed(tmp_path, "-m", "tests.support.fuzz", target, "--seconds", str(SECONDS))
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert re.search(r"executed_units: \d{2,}", ran.stderr)


def test_what_breaks_a_target_is_found_and_kept(tmp_path):
    ran = fuzzed(tmp_path, "-c", PLANTED, "rows", "--seconds", "20")
    assert ran.returncode != 0
    assert "planted" in ran.stdout + ran.stderr
    assert list(tmp_path.glob("*-crash-*"))


def test_every_target_is_fuzzed_by_make():
    (loop,) = re.findall(r"for target in ([\w ]+); do", (Path(__file__).parents[1] / "Makefile").read_text())
    assert set(loop.split()) == TARGETS.keys()
