"""What each of the given devices would get, as ``simulate`` works it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..allow_list.device_rows import SERIAL_NUMBER_PARAMETER, DeviceRows
from ..aws_iot.evaluation import Outcome, compile_template
from ..console.devices import Device
from ..console.sources import UnreadableError
from ..simulation.body_choice import ChosenBody
from ..simulation.library_hook import library_hook
from ..simulation.refusals import refusals_of
from ..simulation.simulator import Simulator, Tally
from .picture import Picture
from .sketch import node_at

MOST_SHOWN = 200
"""Devices that are shown one by one; further ones are counted, so that a page stays small."""
HOOK_UNASKED = "the hook was not run"
HOOK_LIST_UNREAD = "the hook's list was not read"


@dataclass(frozen=True)
class DeviceOutcome:
    """What becomes of one device.

    Args:
        line: Its line in the file.
        parameters: What it supplies.
        outcome: What it gets, or why it gets nothing.
        failed_at: The id of the node that each reason is about; ``None`` for one that is about none.
    """

    line: int | None
    parameters: Mapping[str, Any]
    outcome: Outcome
    failed_at: tuple[str | None, ...]


@dataclass(frozen=True)
class Outcomes:
    """What becomes of all of them.

    Args:
        file: Where the devices were read from.
        devices: The first of them.
        tally: How many there are, and how they end.
        unasked: What is not known of the answer of the template's hook, in words; empty without a hook.
    """

    file: str
    devices: tuple[DeviceOutcome, ...]
    tally: Tally
    unasked: str


def outcomes_of(chosen: ChosenBody, picture: Picture, file: str) -> Outcomes:
    """Work out what becomes of every device of a file.

    Args:
        chosen: The body.
        picture: Its picture.
        file: As ``simulate --devices`` takes it.

    Raises:
        UnreadableError: If the body can't be evaluated, or the file can't be read or contains no devices.
    """
    try:
        hook = library_hook(chosen)
        compiled = compile_template(chosen.document, chosen.template_type)
        simulator = Simulator(compiled, {}, hook, refusals_of(chosen))
    except ValueError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{chosen.file}: {line}" for line in lines)) from None
    body_path = chosen.found.context.body_path if chosen.found else ""
    tally = Tally()
    shown: list[DeviceOutcome] = []
    parameter = hook.serial_number_parameter if hook else SERIAL_NUMBER_PARAMETER
    for device in DeviceRows(file, parameter):
        outcome = simulator.outcome(device)
        tally.add(device, outcome)
        if len(shown) < MOST_SHOWN:
            shown.append(_shown(device, outcome, picture, body_path))
    if not tally.devices:
        raise UnreadableError(f"{file}: contains no devices")
    unasked = HOOK_LIST_UNREAD if hook else HOOK_UNASKED if chosen.has_hook else ""
    return Outcomes(file, tuple(shown), tally, unasked)


def _shown(device: Device, outcome: Outcome, picture: Picture, body_path: str) -> DeviceOutcome:
    failed_at = tuple(node_at(picture.nodes, body_path + entry.path) for entry in outcome.failures)
    return DeviceOutcome(device.line, device.parameters, outcome, failed_at)
