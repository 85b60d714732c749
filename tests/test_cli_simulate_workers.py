"""``device-provisioning simulate`` with several processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from device_provisioning.simulation import run as simulation
from device_provisioning.simulation import workers
from tests.support.simulated import BODY, a_file, simulate

DEVICES = 2_600


@pytest.fixture(autouse=True)
def _short_lists_are_long(monkeypatch):
    monkeypatch.setattr(simulation, "FEW", 100)


def lines_of(number=DEVICES):
    """Every seventh has a line that can't be read."""
    return "".join("A,B,C\n" if each % 7 == 0 else f"A-{each},lab\n" for each in range(number))


def a_list(folder, more=b""):
    return a_file(folder, "d.csv", b"SerialNumber,Site\n" + lines_of().encode() + more)


def test_any_number_of_workers_writes_the_same_in_the_same_order(tmp_path):
    file = a_list(tmp_path)
    alone, *several = (simulate(BODY, "--devices", file, "--workers", str(number)) for number in (1, 2, 3))
    assert alone.exit_code == 2
    assert len(alone.stdout.splitlines()) == DEVICES
    for result in several:
        assert result.stdout == alone.stdout
        assert without_seconds(result.stderr) == without_seconds(alone.stderr)


def without_seconds(text):
    return [line for line in text.splitlines() if " devices in " not in line]


def test_what_comes_before_a_line_that_ends_the_list_is_written(tmp_path):
    file = a_list(tmp_path, b"\xff\nA-9,lab\n")
    result = simulate(BODY, "--devices", file, "--workers", "2")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(f"{file}:{DEVICES + 2}: is not UTF-8 text")
    assert [json.loads(line)["line"] for line in result.stdout.splitlines()] == [*range(2, DEVICES + 2)]


def test_a_short_list_starts_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_Worker", None)
    file = a_file(tmp_path, "d.csv", "SerialNumber\n" + "A-1\n" * 100)
    assert simulate(BODY, "--devices", file, "--workers", "2").exit_code == 0


def test_a_worker_that_is_killed_ends_the_run_with_what_to_do(tmp_path, monkeypatch):
    asked = workers._Worker.ask

    def killed(worker, batch):
        worker._process.kill()
        worker._process.join()
        asked(worker, batch)

    monkeypatch.setattr(workers._Worker, "ask", killed)
    result = simulate(BODY, "--devices", a_list(tmp_path), "--workers", "2")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "a worker ended with exit status -9: --workers 1 does without"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--hook", "json:loads"], "a hook is asked about one device after the other"),
        (["--existing", "-"], "only one process can read standard input"),
    ],
)
def test_what_one_process_has_to_do_is_not_asked_of_several(tmp_path, more, why):
    file = a_file(tmp_path, "d.csv", "SerialNumber\nA-1\n")
    result = simulate(BODY, "--devices", file, "--workers", "3", *more)
    assert (result.exit_code, result.stderr) == (2, f"--workers 3: {why}: give --workers 1\n")


def started(folder, *, devices):
    """The command, which simulates for longer than a test waits, once it writes outcomes of workers."""
    file = a_file(folder, "long.csv", "SerialNumber,Site\n" + "A-1,lab\n" * devices)
    command = ["-m", "device_provisioning.cli", "simulate", BODY, "--devices", file, "--workers", "2"]
    out = folder / "out.jsonl"
    with out.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *command], stdout=written, stderr=subprocess.PIPE, start_new_session=True
        )
    while len(children := children_of(process.pid)) < 2 or out.stat().st_size < 25_000 * 100:
        assert process.poll() is None
        time.sleep(0.02)
    return process, out, children


def children_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]


def is_there(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc")
def test_ctrl_c_of_a_terminal_leaves_whole_outcomes_of_the_first_devices(tmp_path):
    process, out, children = started(tmp_path, devices=2_000_000)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert time.monotonic() - began < 10
    assert (process.returncode, b"interrupted after" in said) == (130, True)
    lines = out.read_text().splitlines()
    assert [json.loads(line)["line"] for line in lines[:: len(lines) - 1]] == [2, len(lines) + 1]
    assert not any(map(is_there, children))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found in /proc")
def test_workers_end_with_a_command_that_is_killed(tmp_path):
    process, _, children = started(tmp_path, devices=2_000_000)
    process.kill()
    process.communicate()
    until = time.monotonic() + 60
    while any(map(is_there, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_there, children))
