"""``device-provisioning simulate`` from CSV to JSON lines: devices a second, and the memory that it takes."""

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

from .measurement import Cost, Measurement, cost_of

SIZES = (10_000, 100_000, 1_000_000)
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
    """A row for each number of devices."""
    costs: dict[int, Cost] = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            costs[size] = _cost(Path(folder), size)
        yield Measurement(f"{size:,} devices", _values(size, costs))


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


def _values(size: int, costs: dict[int, Cost]) -> dict[str, float]:
    cost, smallest = costs[size], costs[SIZES[0]]
    values = {
        "seconds": cost.seconds,
        "devices_per_second": size / cost.seconds,
        "devices_per_cpu_second": size / cost.cpu_seconds,
        "peak_MiB": cost.peak_mib,
        "peak_MiB_more_than_first": cost.peak_mib - smallest.peak_mib,
    }
    if size > SIZES[0]:
        values["µs_per_further_device"] = (cost.cpu_seconds - smallest.cpu_seconds) / (size - SIZES[0]) * 1e6
    return values
