"""Ctrl-C in every verb: the first one ends within two seconds, the second at once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from device_provisioning.certificates.authority import create_authority
from device_provisioning.console import activity
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.simulated import DEFAULT, FOLDER

TEMPLATES, TASKS = "GET /provisioning-templates", "GET /thing-registration-tasks"
BULK = "--template bulk.json --bucket files --role r"
HANGS = {
    "devices import d.csv --table t": ("TransactWriteItems", "continue with --resume"),
    "devices import d.csv --table t --dry-run": ("BatchGetItem", "nothing was written"),
    "devices export --table t --out out": ("Scan", "nothing was written"),
    "devices show A-1 --table t": ("GetItem", "interrupted"),
    "devices block A-1 --table t": ("UpdateItem", "run the command again"),
    "devices unblock A-1 --table t": ("UpdateItem", "run the command again"),
    "template status t": (TEMPLATES, "nothing was written"),
    "template diff t d.json": (TEMPLATES, "nothing was written"),
    "template rollback t --yes": (TEMPLATES, "nothing was changed"),
    "template prune t --yes": (TEMPLATES, "nothing was changed"),
    "claim t --out out": ("POST /provisioning-templates", "nothing was written"),
    "adopt t --engine cdk --out out": (TEMPLATES, "nothing was written"),
    f"bulk start devices.jsonl {BULK}": ("PUT /files", "list-thing-registration-tasks"),
    "bulk status t": (TASKS, "nothing was written"),
    "bulk status t --follow": (TASKS, "bulk status t --follow follows it again"),
    "bulk report t": (TASKS, "nothing was written"),
    "greengrass config t --core c --out out": ("POST /", "nothing was written"),
    "panorama archive t --out out": ("POST /", "the archive stays where it is"),
}
"""Every verb that asks AWS, with the call that hangs and what it says when it is ended."""
READS = {
    "lint -": "nothing was written",
    "explain -": "nothing was written",
    "simulate - --device SerialNumber=A": "nothing was written",
    "simulate body.json --devices -": "nothing was written",
    "devices import - --table t --validate-only": "interrupted before the first device was written",
    "ca issue -": "nothing was written",
    f"bulk start - {BULK}": "list-thing-registration-tasks",
}
"""Every verb that reads standard input, of which nothing comes."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
HASTY = """
import runpy
from device_provisioning.console import activity
activity.SECONDS_BETWEEN = 0.2
runpy.run_module("device_provisioning.cli", run_name="__main__")
"""
"""The command, which says sooner what it is doing."""
SERIAL_NUMBERS = [f"A-{number}" for number in range(2000)]
CA = create_authority("Bench", 30)
INPUTS = {
    "ca.pem": CA.certificate_pem.decode(),
    "ca.key": CA.private_key_pem.decode(),
    "d.csv": "\n".join(["serial_number", *SERIAL_NUMBERS]),
    "d.json": "{}",
    "body.json": Path(DEFAULT).read_text("utf-8"),
    "bulk.json": (FOLDER / "bulk" / "valid-signing-request.json").read_text("utf-8"),
    "devices.jsonl": '{"ThingName": "pump-1", "CSR": "one"}',
}


@pytest.fixture(scope="module")
def wire(emulator):
    with faulty_wire(emulator) as wire:
        yield wire


@pytest.fixture
def hanging(wire, emulator, tmp_path):
    """A verb as a process of its own, once its network hangs."""

    @contextmanager
    def hanging(arguments):
        wire.mend()
        wire.breaks(HANGS[arguments][0], Fault(hangs=True), times=20)
        environment = {**emulator.environment(), "AWS_ENDPOINT_URL": wire.url}
        with started(tmp_path, arguments.split(), environment) as process:
            assert wire.held.wait(30), process.communicate(timeout=30)
            yield process

    return hanging


@contextmanager
def started(folder, arguments, environment=None):
    """The command as a process of its own, with the files that it reads; nothing comes by standard input."""
    for name, content in INPUTS.items():
        (folder / name).write_text(content)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", HASTY, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def made(folder):
    """What a verb left in its folder, without that by which an import is resumed."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if not path.name.startswith("d.csv.import") and path.name not in INPUTS
    )


def ended(process, number, within):
    """What a process says that gets a signal."""
    before = time.monotonic()
    process.send_signal(number)
    said = process.communicate(timeout=30)[0]
    assert time.monotonic() - before < within, said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    return said


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("arguments", HANGS)
def test_the_first_ends_a_verb_whose_network_hangs_and_says_how(hanging, tmp_path, arguments, number):
    with hanging(arguments) as process:
        # The machine may be busy with other tests.
        said = ended(process, number, within=4)
    assert process.returncode == 130, said
    assert HANGS[arguments][1] in said
    assert made(tmp_path) == []


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("arguments", READS)
def test_the_first_ends_a_verb_that_waits_for_standard_input(tmp_path, arguments, number):
    with started(tmp_path, arguments.split()) as process:
        assert process.stdout.readline().strip()
        said = ended(process, number, within=4)
    assert process.returncode == 130, said
    assert READS[arguments] in said
    assert made(tmp_path) == []


@pytest.mark.parametrize("arguments", HANGS)
def test_the_second_ends_at_once_and_leaves_no_part(hanging, tmp_path, arguments):
    with hanging(arguments) as process:
        process.send_signal(signal.SIGINT)
        ended(process, signal.SIGTERM, within=2)
    assert process.returncode == 130
    assert made(tmp_path) == []


@pytest.mark.parametrize("arguments", HANGS)
def test_what_takes_long_is_shown_on_a_pipe(hanging, arguments):
    with hanging(arguments) as process:
        assert process.stdout.readline().strip()


@pytest.mark.parametrize("hook", ["never_returns", "never_lets_go"])
def test_the_first_ends_a_hook_that_never_returns(tmp_path, hook):
    (tmp_path / "hooks.py").write_text(HOOKS)
    with started(
        tmp_path, ["simulate", DEFAULT, "--device", "SerialNumber=A", "--hook", f"hooks:{hook}"]
    ) as process:
        while not (tmp_path / "called").exists():
            assert process.poll() is None
            time.sleep(0.05)
        said = ended(process, signal.SIGINT, within=4)
    assert process.returncode == 130
    assert "interrupted" in said


def test_it_is_shown_every_ten_seconds():
    assert activity.SECONDS_BETWEEN == 10


@pytest.mark.parametrize(
    "verb", ["schema fleet", "lint body.json", f"simulate {DEFAULT} --device SerialNumber=A"]
)
def test_a_full_disk_behind_standard_output_is_one_line(tmp_path, verb):
    (tmp_path / "body.json").write_text("{}")
    program = [sys.executable, "-m", "device_provisioning.cli", *verb.split()]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            program, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1] == "standard output: cannot be written: No space left on device"
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (f"simulate {DEFAULT} --devices - <&-", "-: cannot be read: Bad file descriptor\n"),
        ("lint - <&-", "cannot be read: Bad file descriptor\n"),
        (f"simulate {DEFAULT} --device SerialNumber=A >&-", "standard output: cannot be written: "),
        ("schema fleet >&-", "standard output: cannot be written: Bad file descriptor\n"),
        (f"simulate {DEFAULT} --device SerialNumber=A --out out >/dev/null 2>&-", ""),
    ],
)
def test_what_is_closed_is_reported_and_never_mixed_up(tmp_path, verb, said):
    (tmp_path / "body.json").write_text(INPUTS["body.json"])
    ran = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} -m device_provisioning.cli {verb}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == (2 if said else 0), ran
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    if not said:
        assert (tmp_path / "out").read_text().count("\n") == 1


HOOKS = """\

import pathlib, threading, time

def never_returns(event, context):
    pathlib.Path("called").touch()
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass

def never_lets_go(event, context):
    threading.Thread(target=time.sleep, args=(600,)).start()
    pathlib.Path("called").touch()
    time.sleep(600)
"""
