"""``verify`` whose calls are refused, or that is interrupted by them: nothing stays, or it says what does.

The calls are those of a run that was recorded, each operation once, in what the run was about: a new one is
tried by itself. The deployment is the AWS CDK's own, of a small stack that takes the calls of the real fleet;
that is deployed where AWS goes on after an interruption. What devices do is tried on a fleet that stands,
promise by promise. Each call is exhaustive: one of each kind is cut always.
"""

import os
import re
import signal
import sys
import threading
import time

import pytest

from device_provisioning.verification import processes, waiting
from device_provisioning.verification import removal as removing
from device_provisioning.verification.cloud_trail import NO_CALL
from device_provisioning.verification.promise import Promise
from device_provisioning.verification.promises import PROMISES
from tests.support import cut_short
from tests.support.watched_wire import DEPLOYING, REMOVING, one_of_each_kind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FIRST = "GetCallerIdentity"
REFUSED = "AccessDenied|cdk deploy failed"
MAKING = {
    "deploying: PUT /*": ("GET /*?list-type", 120),
    "deploying: PUT /*/*?x-id": ("GET /*?list-type", 10),
    "deploying: CreateStack": ("DescribeStacks", 120),
}
"""What makes something: AWS does it once the run has looked for it, within seconds that the run looks."""


@pytest.fixture(
    scope="module", params=["one of each kind", pytest.param("all", marks=pytest.mark.exhaustive)]
)
def cut(request):
    """Which calls are cut."""
    return list if request.param == "all" else one_of_each_kind


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with cut_short.a_bench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture(scope="module")
def bench_of_devices(tmp_path_factory):
    with cut_short.a_bench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture(scope="module")
def real_fleet(tmp_path_factory):
    return cut_short.synthesised(tmp_path_factory.mktemp("assembly"))


@pytest.fixture(scope="module")
def small_fleet(tmp_path_factory):
    return cut_short.synthesised_small(tmp_path_factory.mktemp("assembly"))


@pytest.fixture(scope="module")
def deployment(bench, small_fleet):
    """A deployment by the AWS CDK, recorded."""
    return bench.run(small_fleet)


@pytest.fixture(scope="module")
def removal(bench):
    """The removal of a small stack, recorded."""
    return bench.run(cut_short.SmallFleet)


@pytest.fixture(scope="module")
def standing(bench_of_devices, real_fleet):
    """An engine of a fleet that stands."""
    return cut_short.standing(bench_of_devices.deployed(real_fleet))


@pytest.fixture(scope="module")
def trials(bench_of_devices, standing, cut):
    """Each call of devices that is cut with the first promise that makes it."""
    promises = PROMISES if cut is list else PROMISES[:1]
    runs = {promise: bench_of_devices.run(standing, (promise,)) for promise in promises}
    assert [run.left for run in runs.values()] == [set()] * len(runs)
    made = [(call, promise) for promise, run in runs.items() for call in run.calls if call != FIRST]
    first = dict(reversed(made))
    return {call: first[call] for call in cut(dict(made))}


def test_a_deployment_that_is_refused_a_call_leaves_nothing(bench, small_fleet, deployment, cut, subtests):
    for call in [FIRST, *cut(deployment.calls_while(DEPLOYING))]:
        with subtests.test(call):
            ended = bench.run(small_fleet, refused=call)
            # The AWS CDK can do without some of what it asks for.
            assert re.search(f"{REFUSED}|- deployed in", ended.said + ended.report)
            assert ended.left == set()


def test_a_deployment_that_is_interrupted_leaves_nothing(bench, small_fleet, deployment, cut, subtests):
    for call in cut(deployment.calls_while(DEPLOYING)):
        if call not in MAKING:
            with subtests.test(call):
                interrupted(bench.run(small_fleet, interrupting=call, in_flight=0))


@pytest.mark.exhaustive
def test_the_real_fleet_is_deployed_by_the_same_calls(bench, real_fleet, deployment):
    assert bench.run(real_fleet).calls_while(DEPLOYING) == deployment.calls_while(DEPLOYING)


def test_what_aws_makes_after_the_interruption_is_removed(bench, real_fleet, deployment, cut, subtests):
    assert {call for call in deployment.calls if "PUT" in call or "Create" in call} == set(MAKING)
    for call in cut(MAKING):
        with subtests.test(call):
            late = dict(zip(("late_after", "in_flight"), MAKING[call], strict=True))
            interrupted(bench.run(real_fleet, interrupting=call, **late))


def test_a_removal_that_is_refused_a_call_says_what_is_left_and_how_to_remove_it(
    bench, removal, cut, subtests
):
    for call in cut(removal.calls_while(REMOVING)):
        with subtests.test(call):
            ended = bench.run(cut_short.SmallFleet, refused=call)
            told(bench, ended)


def test_a_removal_that_is_interrupted_goes_on(bench, removal, cut, subtests):
    for call in cut(removal.calls_while(REMOVING)):
        with subtests.test(call):
            interrupted(bench.run(cut_short.SmallFleet, interrupting=call))


def test_devices_that_are_refused_a_call_leave_nothing_or_it_is_said(
    bench_of_devices, standing, trials, subtests
):
    for call, promise in trials.items():
        with subtests.test(call):
            ended = bench_of_devices.run(standing, (promise,), refused=call)
            if call.startswith(REMOVING):
                told(bench_of_devices, ended)
            else:
                assert ended.status == 1
                assert "AccessDenied" in ended.report
                assert ended.left == set()


def test_devices_that_are_interrupted_leave_nothing(bench_of_devices, standing, trials, subtests):
    for call, promise in trials.items():
        with subtests.test(call):
            interrupted(bench_of_devices.run(standing, (promise,), interrupting=call))


def test_cloud_trail_that_is_asked_is_refused_or_interrupts_and_nothing_is_left(bench_of_devices, standing):
    asked = bench_of_devices.run(standing, cloud_trail=0)
    assert "LookupEvents" in asked.calls
    assert f"| {NO_CALL} |" in asked.report
    assert "0 answers differ from the emulator's" in asked.report
    refused = bench_of_devices.run(standing, cloud_trail=0, refused="LookupEvents")
    assert (refused.status, refused.left) == (1, set())
    assert "verify: LookupEvents: AccessDeniedException" in refused.report
    assert "you need cloudtrail:LookupEvents" in refused.report
    interrupted(bench_of_devices.run(standing, cloud_trail=0, interrupting="LookupEvents"))


def test_who_is_interrupted_as_it_removes_after_a_fault_removes_all_the_same(bench_of_devices, standing):
    def fault(fleet):
        fleet.enrolled(fleet.a_listed_serial_number())
        raise RuntimeError("a fault of this library")

    promises = (Promise("nothing", fault, ""),)
    ended = bench_of_devices.run(standing, promises, interrupting="removing: GET /certificates/*")
    interrupted(ended)


def test_what_cannot_be_detached_is_waited_for_once(bench_of_devices, standing, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(waiting, "time", clock)
    monkeypatch.setattr(removing, "time", clock)
    ended = bench_of_devices.run(
        standing, PROMISES[:1], refused="removing: DELETE /things/*/principals", detaching=60
    )
    told(bench_of_devices, ended)
    assert len(re.findall("^- thing", ended.report, re.MULTILINE)) == 2
    assert clock.monotonic() <= 60 + waiting.LONGEST_PAUSE


def test_a_tool_is_stopped_by_a_signal_that_wakes_nobody_up(tmp_path):
    started = tmp_path / "started"
    program = f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(600)"

    def signal_this_thread():
        while not started.exists():
            time.sleep(0.05)
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    thread = threading.Thread(target=signal_this_thread)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        processes.run([sys.executable, "-c", program], os.environ, tmp_path)
    thread.join()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self._now = 0

    def monotonic(self):
        return self._now

    def sleep(self, seconds):
        self._now += seconds


def interrupted(ended):
    assert (ended.status, ended.said) == (130, "what was made has been removed")
    assert ended.left == set()


def told(bench, ended):
    """What is left is in the report, and nothing else; what the report says removes it."""
    assert ended.left == set() or ended.status == 1
    assert ("AccessDenied" in ended.report) == bool(ended.left)
    bench.remove_by_hand(ended.report)
    assert bench.left() == set()
