"""`device-provisioning simulate`, from CSV to JSON lines."""

import sys
import tempfile
from collections.abc import Iterator
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

from .measurement import Aim, Cost, Measurement, cost_of

SIZES = (10_000, 100_000, 1_000_000)
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


def measure() -> Iterator[Measurement]:
    """The rate for each number of devices, and whether memory grows with it."""
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


def _cost(folder: Path, size: int) -> Cost:
    body, devices, out = folder / "body.json", folder / "devices.csv", folder / "outcomes.jsonl"
    body.write_text(BODY.to_json())
    with devices.open("w") as file:
        file.write("SerialNumber,Site\n")
        file.writelines(f"A-{number:07},{'plant7' if number % 2 else ''}\n" for number in range(size))
    program = [sys.executable, "-m", "device_provisioning.cli", "simulate", str(body)]
    cost = cost_of([*program, "--devices", str(devices), "--out", str(out)])
    with out.open("rb") as file:
        written = sum(1 for _ in file)
    if written != size:
        raise RuntimeError(f"{written} of {size} devices were simulated")
    return cost
