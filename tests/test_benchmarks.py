"""What ``make bench`` runs can be run; how fast it is, is not a test's business."""

import contextlib
import importlib
import io
import json
import runpy
import sys

import pytest

from benchmarks import run, simulate, synth
from benchmarks.measurement import Aim, Cost, Measurement, in_turn
from tests.support.left_over import telling

TINY = {
    "devices_import": {"ROWS": 300, "FEWER_ROWS": 100, "MILLISECONDS": 1},
    "hook_cold_start": {"ROUNDS": 1},
    "hook_warm_decision": {"ROUNDS": 2},
    "lint": {"TEMPLATE": 5, "PLAN": 50, "FILES": (1, 2)},
    "package_import": {"ROUNDS": 1},
    "pulumi_program": {"SIZES": (1,), "ROUNDS": {}},
    "registration": {"AT_ONCE": (1,), "ROUNDS": 1},
    "simulate": {"SIZES": (10, 20), "WITH_HOOK": 10, "WITH_WORKERS": 10, "ROUNDS": 1},
    "synth": {"SIZES": (1, 2, 3), "ROUNDS": {}},
}


@pytest.fixture
def results(monkeypatch, tmp_path):
    """Results and a page that a test may write."""
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    run.PAGE.write_text(f"# Before\n\n{run.BEGIN}\nold\n{run.END}\n\nAfter\n")
    return run.RESULTS


def here(command):
    """Run a program in this process, which has the AWS CDK loaded already."""
    written = io.StringIO()
    before = sys.argv
    sys.argv = command[2:]
    try:
        with contextlib.redirect_stdout(written):
            runpy.run_module(command[2], run_name="__main__")
    finally:
        sys.argv = before
    return Cost(0, 0, 0, written.getvalue())


@pytest.mark.parametrize("name", telling(run.benchmarks(), {"hook_warm_decision", "synth"}))
def test_a_benchmark_says_what_it_measures_and_measures_it(name, monkeypatch):
    module = importlib.import_module(f"benchmarks.{name}")
    for setting, value in TINY[name].items():
        assert type(getattr(module, setting)) is type(value)
        monkeypatch.setattr(module, setting, value)
    monkeypatch.setattr(synth, "cost_of", here)
    records = [measurement.record() for measurement in module.measure()]
    assert module.__doc__
    assert any(record["aim"] for record in records)
    assert len({record["case"] for record in records}) == len(records)
    assert all(record["ours"] > 0 or "each fleet" in record["case"] for record in records)
    json.dumps(records)


def test_results_are_printed_and_written_and_those_of_others_stay(monkeypatch, results, capsys):
    other = {"about": "Another", "machine": "another machine", "percent_busy": 0.1, "measurements": []}
    results.write_text(json.dumps({"other": other}))
    for setting, value in TINY["simulate"].items():
        monkeypatch.setattr(simulate, setting, value)
    run.run(["simulate"])
    kept = json.loads(results.read_text("utf-8"))
    assert set(kept) == {"other", "simulate"}
    cases = [each["case"] for each in kept["simulate"]["measurements"]]
    assert cases[:3] == ["10 devices", "20 devices", "memory for 20 against 10 devices"]
    printed = " ".join(capsys.readouterr().out.split())
    assert "20 devices" in printed
    assert "simulate: made on " in printed
    page = run.PAGE.read_text()
    assert page.startswith(f"# Before\n\n{run.BEGIN}\n\n| benchmark | case |")
    assert page.endswith(f"{run.END}\n\nAfter\n")
    assert "| 20 devices |" in page
    assert "old" not in page


def test_the_page_has_a_place_for_the_table():
    text = run.PAGE.read_text()
    assert text.count(run.BEGIN) == text.count(run.END) == 1


def test_every_row_says_whether_its_aim_is_met():
    rows = {
        "at most": Measurement("at most", "ms", 7, 10, Aim(0.8)),
        "missed": Measurement("missed", "ms", 9, 10, Aim(0.8)),
        "at least": Measurement("at least", "rows/s", 30, 10, Aim(3, at_most=False)),
        "alone": Measurement("alone", "/s", 40, None, Aim(50, at_most=False)),
        "no aim": Measurement("no aim", "ms", 1, 2),
    }
    records = {name: row.record() for name, row in rows.items()}
    assert {name: record["met"] for name, record in records.items()} == {
        "at most": True,
        "missed": False,
        "at least": True,
        "alone": False,
        "no aim": None,
    }
    assert records["at most"]["aim"] == "≤ 0.8×"
    assert records["alone"]["aim"] == "≥ 50 /s"
    result = {"about": "X", "machine": "M", "percent_busy": 0.1, "measurements": list(records.values())}
    table = run.markdown({"x": result})
    assert "| X | at most | 7 ms | 10 ms | 0.7× | ≤ 0.8× | yes |" in table
    assert "|  | missed | 9 ms | 10 ms | 0.9× | ≤ 0.8× | no |" in table
    assert table.endswith("Made on M.")
    busy = run.markdown({"x": {**result, "percent_busy": 73}})
    assert busy.endswith("Other work kept 73 % of the machine busy: measure again.")


def test_sides_take_turns_and_the_first_round_does_not_count():
    calls = []
    sides = [lambda name=name: calls.append(name) or len(calls) for name in "ab"]
    assert in_turn(2, *sides) == [[3, 6], [4, 5]]
    assert calls == ["a", "b", "a", "b", "b", "a"]


def test_a_benchmark_that_does_not_exist_is_reported(monkeypatch):
    monkeypatch.setattr("sys.argv", ["run", "nothing"])
    with pytest.raises(SystemExit, match="no benchmarks: nothing: give some of "):
        run.main()


def test_the_page_shows_the_results_that_are_kept():
    results = json.loads(run.RESULTS.read_text("utf-8"))
    assert set(results) == set(run.benchmarks())
    table = run.PAGE.read_text("utf-8").partition(run.BEGIN)[2].partition(run.END)[0].strip()
    assert table == run.markdown(results)
