"""Devices whose hook is called in the process that simulates them: nothing could end it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from device_provisioning.aws_iot import TemplateType
from device_provisioning.aws_iot.evaluation import compile_template, read_hook_answer
from device_provisioning.console.devices import Devices
from device_provisioning.console.interruption import Interruption
from device_provisioning.console.output_files import OutputFile
from device_provisioning.simulation.hook_process import HookContext, event_of
from device_provisioning.simulation.simulator import Simulator, Tally, simulate_devices

from .hook_of_a_site import handler


class Hook:
    """The hook, called for each device with what it would get by JSON."""

    def __init__(self) -> None:
        self._count = 0

    def overrides(self, parameters: Mapping[str, str]) -> Mapping[str, str | None]:
        """The parameters that it overrides."""
        self._count += 1
        answer = handler(event_of(self._count, dict(parameters)), HookContext(5))
        return read_hook_answer(json.loads(json.dumps(answer)))


def main(body: str, devices: str, out: str) -> None:
    """Simulate the devices of a file."""
    document = json.loads(Path(body).read_text("utf-8"))
    template = compile_template(document, TemplateType.FLEET_PROVISIONING)
    simulator, tally = Simulator(template, {}, Hook()), Tally()
    with Interruption() as interruption, OutputFile(out) as written:
        simulate_devices(Devices(devices), simulator.outcome, written.write, tally, interruption, batch=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
