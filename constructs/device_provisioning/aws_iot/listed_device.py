"""Devices that an allow list holds."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PARTITION_KEY = "serial_number"
MAX_DECLARED = 200
SERIAL_NUMBER_PATTERN = r"^[!-~]{1,128}$"

SerialNumber = Annotated[str, Field(pattern=SERIAL_NUMBER_PATTERN)]


class ListedDevice(BaseModel):
    """A device that may register.

    Args:
        serial_number: At most 128 characters of ASCII without blanks; it has to match the hook's
            ``serial_number_pattern``, by default letters, digits, ``_`` and ``-``.
        parameter_overrides: Template parameters that the list decides rather than the device, so that its
            groups, site or tenant can be trusted; none by default.
        expires_at: The second since 1970 (UTC) from which the device may not register any more; never by
            default.
        blocked: Whether the device may not register although it is listed; no by default.

    Example:
        >>> ListedDevice(serial_number="A-1", parameter_overrides={"Site": "plant7"}).serial_number
        'A-1'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial_number: SerialNumber
    parameter_overrides: dict[str, str] = Field(default_factory=dict)
    expires_at: Annotated[int, Field(gt=0)] | None = None
    blocked: bool = False


def unmatched_devices(devices: Sequence[ListedDevice], serial_number_pattern: str) -> list[str]:
    """What is wrong with devices that a hook never lets through, because of their serial numbers' form."""
    matches = re.compile(serial_number_pattern).fullmatch
    return [
        f"device {device.serial_number} is listed, but the hook's serial_number_pattern"
        f" {serial_number_pattern!r} does not match it: change one of them"
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
