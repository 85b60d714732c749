"""A hook in a process of its own is asked ahead, and nobody notices but by the time that it takes."""

import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

from device_provisioning.aws_iot.evaluation import RefusedError
from device_provisioning.console.devices import Device
from device_provisioning.console.interruption import Interruption
from device_provisioning.console.sources import UnreadableError
from device_provisioning.simulation import hook_in_the_loop
from device_provisioning.simulation.hook_in_the_loop import HookInTheLoop
from device_provisioning.simulation.simulator import Tally, is_hook_asked, simulate_devices
from tests.support.simulated import DEFAULT

BODY = Path(DEFAULT).resolve()
HOOKS = "tests.support.hooks_for_simulation"


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The serial numbers that the hook was asked about, in a folder of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.chdir(tmp_path)
    return lambda: (tmp_path / "asked").read_text().split()


def devices(number, prefix="A"):
    return [Device(n, {"SerialNumber": f"{prefix}-{n}", "Site": f"site-{n}"}) for n in range(number)]


def answers(hook, given):
    """What the hook overrides for each device, or the failure."""
    for device in hook.ahead_of(given):
        if is_hook_asked(device):
            try:
                yield device.line, hook.overrides(device.parameters)
            except RefusedError as refused:
                yield device.line, refused.failure


def test_each_device_gets_the_answer_about_itself(asked):
    given = devices(300)
    given[100] = Device(100, {}, "is no JSON")
    given[200] = Device(200, {"SerialNumber": 7})
    with HookInTheLoop(f"{HOOKS}:keeps_a_record") as hook:
        found = dict(answers(hook, given))
    assert found == {n: {"Site": f"site-{n}"} for n in range(300) if n not in (100, 200)}
    assert asked() == [f"A-{n}" for n in found]


@pytest.mark.timeout(60)
def test_questions_and_answers_of_any_length_keep_nobody_waiting(asked):
    given = [Device(n, {"SerialNumber": f"A-{n}", "Site": "x" * (n % 3 * 100_000)}) for n in range(60)]
    with HookInTheLoop(f"{HOOKS}:keeps_a_record") as hook:
        found = dict(answers(hook, given))
    assert [len(found[n]["Site"]) for n in range(60)] == [n % 3 * 100_000 for n in range(60)]


def test_those_after_one_that_ends_the_process_are_asked_again(asked):
    with HookInTheLoop(f"{HOOKS}:ends_in_the_middle") as hook:
        found = dict(answers(hook, devices(100)))
    failed = {line: failure.given for line, failure in found.items() if failure}
    assert failed == {50: "it ended its process with exit status 7"}
    assert len(found) == 100


def test_an_answer_that_waited_for_its_reader_is_not_late_and_one_that_was_late_is(asked, monkeypatch):
    monkeypatch.setattr(hook_in_the_loop, "HOOK_TIMEOUT_SECONDS", 0.4)
    given = devices(20)
    given[2] = Device(2, {"SerialNumber": "0.6"})
    with HookInTheLoop(f"{HOOKS}:sleeps") as hook:
        following = answers(hook, given)
        first = [next(following) for _ in range(2)]
        # All the others are answered meanwhile, the third of them too late.
        time.sleep(1.5)
        found = dict([*first, *following])
    assert found.pop(2).problem == "the hook took longer than 0.4 seconds"
    assert list(found.values()) == [{}] * 19


def test_a_slow_hook_is_not_asked_ahead(asked):
    with HookInTheLoop(f"{HOOKS}:keeps_a_record") as hook:
        for number, _ in enumerate(answers(hook, devices(10, "SLOW")), 1):
            assert len(asked()) == number


def test_after_ctrl_c_nobody_was_asked_about_who_has_no_outcome(asked):
    tally, interruption, lines = Tally(), Interruption(), []

    def outcome_of(device):
        hook.overrides(device.parameters)
        interruption.asked = interruption.asked or device.line == 100
        return Outcome()

    with HookInTheLoop(f"{HOOKS}:keeps_a_record") as hook:
        simulate_devices(devices(1000), outcome_of, lines.append, tally, interruption, ahead_of=hook.ahead_of)
    assert 100 < len(asked()) == tally.devices < 200


@pytest.mark.parametrize("problem", [UnreadableError, KeyboardInterrupt])
def test_what_ends_the_devices_comes_after_the_outcomes_of_those_before_it(asked, problem):
    def broken():
        yield from devices(50)
        raise problem("the file ends here")

    with HookInTheLoop(f"{HOOKS}:keeps_a_record") as hook:
        following = answers(hook, broken())
        found = list(islice(following, 50))
        with pytest.raises(problem, match="ends here"):
            next(following)
    assert len(found) == len(asked()) == 50


@pytest.mark.timeout(60)
@pytest.mark.parametrize("is_named", [False, True])
def test_each_device_of_a_stream_has_its_outcome_before_the_next_one_is_written(asked, tmp_path, is_named):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    program = [sys.executable, "-m", "device_provisioning.cli", "simulate", BODY]
    given = ["--devices", pipe if is_named else "-", "--hook", f"{HOOKS}:keeps_a_record"]
    with subprocess.Popen(
        [*program, *given], stdin=None if is_named else subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        with pipe.open("wb") if is_named else running.stdin as writer:
            writer.write(b"SerialNumber,Site\n")
            for number in range(20):
                writer.write(b"A-%d,lab\n" % number)
                writer.flush()
                assert json.loads(running.stdout.readline())["line"] == number + 2
        assert running.wait() == 0


@pytest.mark.timeout(60)
def test_a_hook_that_closes_what_it_answers_by_holds_nobody_up(asked):
    with HookInTheLoop(f"{HOOKS}:closes_everything") as hook:
        ((_, failure),) = answers(hook, devices(1))
    assert "it ended its process" in failure.given


class Outcome:
    """What becomes of a device, as far as it is counted."""

    result, failures, document = "provisioned", (), {}
