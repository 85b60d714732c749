"""What ``make bench`` runs can be run; how fast it is, is no test's business."""

import importlib
import json

import pytest

from benchmarks import run, simulate


def test_the_benchmark_of_simulate_is_found():
    assert "simulate" in run.benchmarks()


@pytest.mark.parametrize("name", run.benchmarks())
def test_a_benchmark_says_what_it_measures_and_can_be_measured(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert module.__doc__
    assert callable(module.measure)


def test_results_are_printed_and_written_and_those_of_others_stay(monkeypatch, tmp_path, capsys):
    results = tmp_path / "results.json"
    results.write_text('{"other": {}}')
    monkeypatch.setattr(run, "RESULTS", results)
    monkeypatch.setattr(simulate, "SIZES", (10, 20))
    run.run(["simulate"])
    written = json.loads(results.read_text("utf-8"))
    assert set(written) == {"other", "simulate"}
    assert [each["case"] for each in written["simulate"]["measurements"]] == ["10 devices", "20 devices"]
    assert all(each["values"]["devices_per_second"] > 0 for each in written["simulate"]["measurements"])
    assert "peak MiB" in " ".join(capsys.readouterr().out.split())


def test_a_benchmark_that_does_not_exist_is_told(monkeypatch):
    monkeypatch.setattr("sys.argv", ["run", "nothing"])
    with pytest.raises(SystemExit, match="no benchmarks: nothing: give some of "):
        run.main()
