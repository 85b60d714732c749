"""``verify`` on an emulator that enforces IAM: the whole of it, as a user runs it."""

import os
import re
import subprocess
import sys

import pytest

from tests.support.faulty_wire import faulty_wire
from tests.support.inventories import inventory
from tests.support.verified import by_hand, documented_report, without_times
from tests.support.watched_wire import CrowdedWatchedWire
from workshop.emulator import Emulator

ASK = "GET /certificates/*"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def own_emulator():
    with Emulator(enforce_iam=True, quotas=1, late_roles=1) as running:
        yield running


@pytest.fixture(scope="module")
def wire(own_emulator):
    with faulty_wire(own_emulator, CrowdedWatchedWire) as wire:
        yield wire


@pytest.fixture(scope="module")
def trusted(own_emulator, tmp_path_factory):
    """What reaches the emulator's port for devices."""
    file = tmp_path_factory.mktemp("trusted") / "ca.pem"
    file.write_bytes(own_emulator.trust_store())
    return ["--endpoint", f"localhost:{own_emulator.mqtt_port}", "--ca-file", str(file)]


@pytest.fixture(scope="module")
def verify(own_emulator, wire, trusted):
    """Run the verb as a process; gives its exit status, what it wrote and what it said."""

    def verify(*arguments, answer=""):
        environment = {**own_emulator.environment(), "AWS_ENDPOINT_URL": wire.url}
        command = [sys.executable, "-W", "ignore", "-m", "device_provisioning.cli", "verify"]
        return subprocess.run(
            [*command, *trusted, *arguments],
            input=answer,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return verify


def test_every_promise_is_kept_the_emulator_answers_as_noted_and_nothing_is_left(
    verify, own_emulator, wire, tmp_path
):
    before, report = inventory(own_emulator), tmp_path / "report.md"
    wire.crowded[ASK] = 3
    ended = verify("--yes", "--report", str(report))
    assert ended.returncode == 0, ended.stderr
    assert inventory(own_emulator) == before
    assert ASK in wire.throttled
    text = report.read_text("utf-8")
    assert "15 of 15 promises kept" in text
    assert "0 answers differ from the emulator's" in text
    assert without_times(documented_report()) == without_times(text[text.index("| what |") :])


def test_who_says_no_is_asked_once_and_nothing_is_made(verify, own_emulator, wire):
    before = inventory(own_emulator)
    wire.mend()
    ended = verify(answer="n\n")
    assert ended.returncode == 1
    assert "account 111122223333, Region eu-west-1" in ended.stderr
    assert "US dollars. That is an upper estimate from prices of us-east-1 as of 2025-11" in ended.stderr
    assert "https://aws.amazon.com/iot-core/pricing/" in ended.stderr
    assert wire.requests == ["GetCallerIdentity"]
    assert inventory(own_emulator) == before


@pytest.mark.exhaustive
def test_what_is_kept_is_removed_by_the_commands_that_are_printed(verify, own_emulator):
    before = inventory(own_emulator)
    ended = verify("--yes", "--keep")
    assert ended.returncode == 0, ended.stderr
    _, _, after = ended.stderr.partition("the fleet stays, without devices; this removes it:\n")
    (name,) = set(re.findall(r"dp-verify-[0-9a-f]{10}", after))
    kept = inventory(own_emulator) - before
    assert f"iot policies: {name}-device" in kept
    assert not any(entry.startswith("iot things") for entry in kept)
    by_hand(own_emulator, after.splitlines())
    assert inventory(own_emulator) == before
