"""``verify --engine pulumi`` on an emulator that enforces IAM, with Pulumi's own engine, as a user does."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_provisioning.cli import app
from device_provisioning.console.sources import UnreadableError
from device_provisioning.verification import pulumi_engine, waiting
from device_provisioning.verification.naming import Names
from tests.support.faulty_wire import faulty_wire
from tests.support.inventories import inventory
from tests.support.needing_engine import needs_engine
from tests.support.verified import documented_report, without_times
from tests.support.watched_wire import CrowdedWatchedWire
from workshop.emulator import Emulator
from workshop.pulumi_engine import pulumi_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SECONDS = 120
ASK = "GET /certificates/*"
OWN_SETTINGS = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"}
"""What the verb sets itself."""


@pytest.fixture(scope="module")
def own_emulator():
    with Emulator(enforce_iam=True, quotas=1, late_roles=1) as running:
        yield running


@pytest.fixture(scope="module")
def wire(own_emulator):
    with faulty_wire(own_emulator, CrowdedWatchedWire) as wire:
        yield wire


@pytest.fixture(scope="module")
def environment(own_emulator, wire, tmp_path_factory):
    """The variables with which the verb, and Pulumi, reach the emulator."""
    of_pulumi = pulumi_environment(own_emulator, tmp_path_factory.mktemp("pulumi"))
    given = {name: value for name, value in of_pulumi.items() if name not in OWN_SETTINGS}
    return {**os.environ, **given, "AWS_ENDPOINT_URL": wire.url}


@pytest.fixture(scope="module")
def begin(own_emulator, environment, tmp_path_factory):
    """Start the verb as a process."""
    trusted = tmp_path_factory.mktemp("trusted") / "ca.pem"
    trusted.write_bytes(own_emulator.trust_store())
    devices = ["--endpoint", f"localhost:{own_emulator.mqtt_port}", "--ca-file", str(trusted)]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "device_provisioning.cli",
        "verify",
        "--engine",
        "pulumi",
    ]

    def begin(*arguments):
        words = [*command, *devices, "--yes", *arguments]
        return subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return begin


def ended(process):
    """The exit status, and what was said."""
    with process:
        _, said = process.communicate(timeout=600)
    return process.returncode, said


@pytest.mark.exhaustive
@needs_engine
def test_every_promise_is_kept_as_on_the_aws_cdk_and_nothing_is_left(begin, own_emulator, wire, tmp_path):
    before, report = inventory(own_emulator), tmp_path / "report.md"
    wire.crowded[ASK] = 3
    status, said = ended(begin("--report", str(report)))
    assert status == 0, said
    assert ASK in wire.throttled
    assert inventory(own_emulator) == before
    assert not state_of(said).parent.exists()
    text = report.read_text("utf-8")
    assert "15 of 15 promises kept" in text
    assert "0 answers differ from the emulator's" in text
    assert without_times(documented_report()) == without_times(text[text.index("| what |") :])


@pytest.mark.exhaustive
@needs_engine
def test_what_is_kept_is_removed_by_the_command_that_is_printed(begin, own_emulator, environment):
    before = inventory(own_emulator)
    status, said = ended(begin("--keep"))
    assert status == 0, said
    _, _, command = said.partition("the fleet stays, without devices; this removes it:\n")
    kept = inventory(own_emulator) - before
    assert any(line.startswith("iot policies: dp-verify-") for line in kept)
    assert not any(line.startswith("iot things") for line in kept)
    removed = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert inventory(own_emulator) == before
    assert not state_of(said).parent.exists()


@pytest.mark.exhaustive
@needs_engine
def test_who_is_interrupted_while_pulumi_deploys_leaves_nothing(begin, own_emulator):
    before = inventory(own_emulator)
    process = begin()
    deadline = time.monotonic() + SECONDS
    while not any("dp-verify-" in line for line in inventory(own_emulator) - before):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    status, said = ended(process)
    assert status == 130, said
    assert said.rstrip().endswith("what was made has been removed")
    assert inventory(own_emulator) == before


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("tool", "there is no pulumi: install it"),
        ("find_spec", "there is no pulumi_aws: pip install 'device-provisioning[pulumi,verify]'"),
    ],
)
def test_without_pulumi_nothing_is_made_and_it_is_said_what_to_install(
    own_emulator, monkeypatch, missing, said
):
    for name, value in own_emulator.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(pulumi_engine, "tool", lambda name: "pulumi")
    monkeypatch.setattr(pulumi_engine, missing, lambda name: None)
    before = inventory(own_emulator)
    done = CliRunner().invoke(app, ["verify", "--engine", "pulumi", "--yes"])
    assert done.exit_code == 2
    assert said in done.stderr
    assert inventory(own_emulator) == before


class Told(pulumi_engine.PulumiEngine):
    """An engine that deploys nothing, and to which Pulumi answers what it is told to."""

    def __init__(self, folder, answers):
        self._names, self._pulumi, self._state = (
            Names("dp-verify-0123456789"),
            Path("pulumi"),
            folder / "state",
        )
        self._answers = iter(answers)
        self._state.mkdir()

    def _run(self, verb):
        if problem := next(self._answers):
            raise UnreadableError(problem)


def test_pulumi_destroys_again_while_aws_iot_has_not_detached_yet(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting, "LONGEST_PAUSE", 0)
    engine = Told(tmp_path, ["pulumi destroy failed: DeleteConflictException"] * 2 + [""])
    assert list(engine.destroy()) == []
    assert not (tmp_path / "state").exists()


def test_what_pulumi_cannot_destroy_is_left_with_its_state_and_the_command_that_removes_both(tmp_path):
    engine = Told(tmp_path, ["pulumi destroy failed: AccessDenied"])
    (left,) = engine.destroy()
    assert (left.why, left.command) == ("pulumi destroy failed: AccessDenied", engine.commands[0])
    assert f"--stack dp-verify-0123456789 && rm -r {tmp_path}" in left.command
    assert (tmp_path / "state").exists()


def state_of(said):
    """The folder of the state, by the plan."""
    return Path(re.search(r"whose state is in (\S+) ", said)[1])
