"""Devices of a list as what they send when they register."""

import time
from collections.abc import Iterator, Sequence

from ..aws_iot import ListedDevice
from ..console.devices import Device, Devices
from .normalisation import Normalisation
from .normalising import changed
from .row import SERIAL_NUMBER, device_values, row_of, spoilt

SERIAL_NUMBER_PARAMETER = "SerialNumber"


class DeviceRows:
    """Devices of a file, read one at a time, whether it names parameters or is a list for ``devices import``.

    Of a list, the serial number is what the device sends, and its overrides are what the list decides.

    Args:
        file: As ``Devices`` takes it.
        parameter: The parameter that carries the serial number; ``SerialNumber`` by default.
        changes: What is changed of serial numbers, in this order; nothing by default.

    Attributes:
        lines: The lines of the file.

    Raises:
        UnreadableError: If the file is of neither format; while iterating, when no further line can be read.
    """

    def __init__(
        self, file: str, parameter: str = SERIAL_NUMBER_PARAMETER, changes: Sequence[Normalisation] = ()
    ) -> None:
        self._devices = Devices(file)
        self._parameter = parameter
        self._changes = changes
        self.lines = self._devices.lines

    def __iter__(self) -> Iterator[Device]:
        for device in self._devices:
            if device.problem:
                yield device
            elif SERIAL_NUMBER in device.parameters and self._parameter != SERIAL_NUMBER:
                yield self._listed(device)
            else:
                yield self._named(device)

    def _listed(self, device: Device) -> Device:
        row = row_of(device.line or 0, device_values(device.parameters), "", strict=False)
        if not row.device:
            return Device(device.line, {}, "; ".join(row.reasons))
        if problem := _denial(row.device):
            return Device(device.line, {}, problem)
        serial_number = changed(row.device.serial_number, self._changes)
        return Device(device.line, {self._parameter: serial_number, **row.device.parameter_overrides})

    def _named(self, device: Device) -> Device:
        serial_number = device.parameters.get(self._parameter)
        if not isinstance(serial_number, str):
            return device
        if problem := spoilt(serial_number):
            return Device(device.line, {}, f"{self._parameter} {problem}")
        if not self._changes:
            return device
        text = changed(serial_number, self._changes)
        return device._replace(parameters={**device.parameters, self._parameter: text})


def _denial(device: ListedDevice) -> str | None:
    if device.blocked:
        return "is blocked on the list: the hook denies it"
    if device.expires_at is not None and device.expires_at <= time.time():
        return "has expired on the list: the hook denies it"
    return None
