"""``device-provisioning simulate`` as a process: Ctrl-C, pipes, terminals, shells."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from tests.support.simulated import DEFAULT, a_file

ROOT = Path(__file__).parents[1]


def command(*arguments, **options):
    program = [sys.executable, "-m", "device_provisioning.cli", *arguments]
    return subprocess.Popen(program, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


def test_ctrl_c_leaves_complete_lines_and_says_how_far_it_came(tmp_path):
    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(5000)))
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run")
    hook = "tests.support.hooks_for_simulation:takes_a_while"
    running = command("simulate", DEFAULT, "--devices", devices, "--hook", hook, "--out", str(out))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not any(part.stat().st_size for part in tmp_path.glob(".*.part")):
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert out.read_text() == "of an earlier run"
    kept = tmp_path / "out.jsonl.partial"
    lines = kept.read_text().splitlines(keepends=True)
    assert running.returncode == 130
    assert lines
    assert all(line.endswith("\n") and json.loads(line) for line in lines)
    reported = (
        f"interrupted after {len(lines)} devices, up to line {len(lines) + 1} of {devices}: their outcomes"
    )
    assert f"{reported} are in {kept}, and {out} is as it was" in errors


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path):
    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(20_000)))
    running = command("simulate", DEFAULT, "--devices", devices, stdout=subprocess.PIPE)
    running.stdout.readline()
    running.stdout.close()
    errors = running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=30) == 1
    assert "Traceback" not in errors


def test_a_bar_moves_on_a_terminal(tmp_path):
    import pty

    devices = a_file(tmp_path, "d.csv", "SerialNumber\n" + "".join(f"A-{n}\n" for n in range(5000)))
    master, slave = pty.openpty()
    program = [sys.executable, "-m", "device_provisioning.cli", "simulate", DEFAULT, "--devices", devices]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        [*program, "--out", str(tmp_path / "o")], stderr=slave, stdout=slave, env=environment, text=True
    ) as running:
        os.close(slave)
        reported = b""
        while chunk := _read(master):
            reported += chunk
    os.close(master)
    assert running.returncode == 0
    assert "5,000 devices, 0 failed" in reported.decode()


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_help_has_an_example():
    assert "Example: device-provisioning simulate" in CliRunner().invoke(app, ["simulate", "--help"]).stdout


@pytest.mark.parametrize(
    ("typed", "completed"), [("si", "simulate"), ("li", "lint"), ("lint --fo", "--format")]
)
def test_a_shell_completes_verbs_and_options(typed, completed):
    words = f"device-provisioning {typed}"
    environment = {
        **os.environ,
        "_DEVICE_PROVISIONING_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    script = Path(sys.executable).with_name("device-provisioning")
    run = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert completed in run.stdout.split()
