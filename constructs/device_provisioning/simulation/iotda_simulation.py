"""Simulating devices that IoTDA would register."""

from collections.abc import Callable

from ..aws_iot.template_text import parse_body
from ..console.devices import Device
from ..console.sources import Source, UnreadableError
from ..iotda import CheckedTemplate
from .simulator import SimulatedOutcome, unreadable


def read_iotda_template(name: str) -> Callable[[Device], SimulatedOutcome]:
    """What becomes of a device under a pre-provisioning template.

    Args:
        name: A file with the body of the create request or a template body; ``-`` is standard input.

    Raises:
        UnreadableError: If it is none, or breaks rules.
    """
    try:
        template = CheckedTemplate(parse_body(Source(name).text()))
    except ValueError as error:
        lines = str(error).splitlines()
        raise UnreadableError("\n".join(f"{name}: {line}" for line in lines)) from None

    def outcome(device: Device) -> SimulatedOutcome:
        return unreadable(device.problem) if device.problem else template.evaluate(device.parameters)

    return outcome
