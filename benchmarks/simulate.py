"""`device-provisioning simulate`, from CSV to JSON lines."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from device_provisioning.aws_iot import (
    FleetTemplate,
    Parameter,
    Policy,
    Thing,
    find_in_map,
    join,
    ref,
)

from .measurement import Aim, Cost, Measurement, compared, cost_of, in_turn

SIZES = (10_000, 100_000, 1_000_000)
WITH_HOOK, ROUNDS = 50_000, 3
WITH_WORKERS, WORKERS = 1_000_000, 2
TWICE = Aim(1.8, at_most=False)
HOOK = Aim(0.5, at_most=False)
RATE = Aim(50_000, at_most=False)
FLAT = Aim(1.1)
BODY = FleetTemplate(
    parameters={"SerialNumber": Parameter(), "Site": Parameter(default="lab")},
    mappings={"Sites": {"lab": {"Broker": "mqtt-lab"}, "plant7": {"Broker": "mqtt-p7"}}},
    thing=Thing(
        thing_name=join("", ["sensor-", ref("SerialNumber")]),
        thing_type_name="SensorV2",
        thing_groups=["sensors", ref("Site")],
        attribute_payload={"serial": ref("SerialNumber"), "site": ref("Site")},
    ),
    policies=[Policy(policy_name="sensor")],
    device_configuration={"broker": find_in_map("Sites", ref("Site"), "Broker")},
)


HOOK_OPTION = ("--hook", "benchmarks.programs.hook_of_a_site:handler")
Command = Callable[[Path, Path, Path], list[str]]


def measure() -> Iterator[Measurement]:
    """The rate for each number of devices, whether memory grows with it, and what workers and a hook do."""
    costs: dict[int, Cost] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            cost = costs[size] = _cost(Path(folder), size)
        details = {"seconds": cost.seconds, "peak_mib": cost.peak_mib}
        aim = RATE if size == SIZES[-1] else None
        yield Measurement(f"{size:,} devices", "/s of a core", size / cost.cpu_seconds, None, aim, details)
    smallest, largest = costs[SIZES[0]], costs[SIZES[-1]]
    case = f"memory for {SIZES[-1]:,} against {SIZES[0]:,} devices"
    yield Measurement(case, "MiB", largest.peak_mib, smallest.peak_mib, FLAT)
    sides = in_turn(ROUNDS, lambda: _rate(WORKERS), lambda: _rate(1), warm_up=False)
    case = f"{WITH_WORKERS:,} devices, {WORKERS} workers against one"
    yield compared(case, "/s", sides, TWICE)
    sides = in_turn(ROUNDS, lambda: _rate_with_hook(_command), lambda: _rate_with_hook(_in_process))
    case = f"{WITH_HOOK:,} devices, a hook in a process of its own against one in this process"
    yield compared(case, "/s", sides, HOOK)


def _rate(workers: int) -> float:
    def command(body: Path, devices: Path, out: Path) -> list[str]:
        return _command(body, devices, out, ("--workers", str(workers)))

    with tempfile.TemporaryDirectory() as folder:
        return WITH_WORKERS / _cost(Path(folder), WITH_WORKERS, command).seconds


def _rate_with_hook(command: Command) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return WITH_HOOK / _cost(Path(folder), WITH_HOOK, command).seconds


def _command(body: Path, devices: Path, out: Path, options: Sequence[str] = HOOK_OPTION) -> list[str]:
    program = [sys.executable, "-m", "device_provisioning.cli", "simulate", str(body), *options]
    return [*program, "--devices", str(devices), "--out", str(out)]


def _without_hook(body: Path, devices: Path, out: Path) -> list[str]:
    return _command(body, devices, out, ("--workers", "1"))


def _in_process(body: Path, devices: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.programs.hook_in_process", str(body), str(devices), str(out)]


def _cost(folder: Path, size: int, command: Command = _without_hook) -> Cost:
    body, devices, out = folder / "body.json", folder / "devices.csv", folder / "outcomes.jsonl"
    body.write_text(BODY.to_json())
    with devices.open("w") as file:
        file.write("SerialNumber,Site\n")
        file.writelines(f"A-{number:07},{'plant7' if number % 2 else ''}\n" for number in range(size))
    cost = cost_of(command(body, devices, out))
    with out.open("rb") as file:
        written = sum(1 for _ in file)
    if written != size:
        raise RuntimeError(f"{written} of {size} devices were simulated")
    return cost
