"""Devices that are listed in code."""

import json
import re
from collections import Counter
from collections.abc import Sequence

from ..aws_iot.listed_device import ListedDevice
from .hook_settings import WHERE_THE_PATTERN_IS_SET, pattern_problems

MAX_DECLARED = 200


def unmatched_devices(devices: Sequence[ListedDevice], serial_number_pattern: str) -> list[str]:
    """What is wrong with devices that a hook never lets through, because of their serial numbers' form."""
    if problems := pattern_problems(serial_number_pattern):
        return problems
    matches = re.compile(serial_number_pattern).fullmatch
    return [
        f"device {device.serial_number} is listed, but the hook's serial_number_pattern"
        f" {serial_number_pattern!r} does not match it: change the serial number, or"
        f" {WHERE_THE_PATTERN_IS_SET}"
        for device in devices
        if not matches(device.serial_number)
    ]


def listed_devices_json(devices: Sequence[ListedDevice]) -> str:
    """The devices as the custom resource behind ``add_devices`` takes them.

    Raises:
        ValueError: If a serial number is listed twice, or if there are more than 200 devices: a template is
            no place for a long list.
    """
    twice = sorted(name for name, times in Counter(d.serial_number for d in devices).items() if times > 1)
    problems = []
    if twice:
        problems.append(f"serial numbers are listed twice: {', '.join(twice)}: list each once")
    if len(devices) > MAX_DECLARED:
        problems.append(
            f"{len(devices)} devices are declared in code: declare at most {MAX_DECLARED} and write the"
            " others to the table"
        )
    if problems:
        raise ValueError("\n".join(problems))
    ordered = sorted(devices, key=lambda device: device.serial_number)
    return json.dumps([device.model_dump(exclude_defaults=True) for device in ordered], separators=(",", ":"))
