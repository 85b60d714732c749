"""Settings of the pre-provisioning hook, as the environment of its function."""

import json
import re
from collections.abc import Sequence
from typing import Any

from ..attestation.proof import PROOF_PARAMETER
from ..aws_iot.reprovisioning import Reprovisioning
from .repeats import repeats_repeats

METRICS_NAMESPACE = "DeviceProvisioning"
DEFAULT_SERIAL_NUMBER_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,127}"
WHERE_THE_PATTERN_IS_SET = (
    "serial_number_pattern of FleetProvisioning, GreengrassCoreDevices or PreProvisioningHook"
)
_RESERVATION_SECONDS = range(10, 3601)


HOOK_DEFAULTS: dict[str, Any] = {
    "reprovisioning": Reprovisioning.NEVER,
    "serial_number_parameter": "SerialNumber",
    "serial_number_pattern": DEFAULT_SERIAL_NUMBER_PATTERN,
    "reservation_seconds": 30,
    "listed_parameters": (),
    "attestation": None,
    "reserved_concurrent_executions": None,
}
"""What the function of this library does when it is not configured otherwise."""


def hook_environment(
    *,
    table_name: str,
    reprovisioning: Reprovisioning | int | str = Reprovisioning.NEVER,
    serial_number_parameter: str = "SerialNumber",
    serial_number_pattern: str = DEFAULT_SERIAL_NUMBER_PATTERN,
    reservation_seconds: int = 30,
    listed_parameters: Sequence[str] = (),
    attestation: str | None = None,
) -> dict[str, str]:
    """The environment variables of the hook's function.

    Args:
        table_name: The table of the allow list.
        reprovisioning: ``NEVER``, ``ALLOW`` or how many times a serial number may register again, as a number
            or as text.
        serial_number_parameter: The parameter of the request that carries the serial number.
        serial_number_pattern: A regular expression for the whole serial number, which has at most 128
            characters; letters, digits, ``_`` and ``-`` by default.
        reservation_seconds: How long an attempt may be under way, 10 to 3600 seconds: AWS IoT waits five
            seconds for the hook and registers the device afterwards, and keeps an ownership token an hour
            (https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html).
        listed_parameters: Parameters of the template whose values only the list decides; a device that sends
            another value than its record has is denied. None by default.
        attestation: What ``attestation_variable`` makes of keys; devices prove nothing by default.

    Raises:
        ValueError: With every setting that is out of its range.

    Example:
        >>> hook_environment(table_name="devices", reprovisioning=2)["REPROVISIONING"]
        '2'
    """
    problems = []
    if not _is_reprovisioning(reprovisioning):
        problems.append(
            f"reprovisioning is {reprovisioning}: give NEVER, ALLOW or how many times, at least 1"
        )
    if reservation_seconds not in _RESERVATION_SECONDS:
        problems.append(f"reservation_seconds is {reservation_seconds}: give a whole number from 10 to 3600")
    if not serial_number_parameter:
        problems.append("serial_number_parameter is empty: give the name of a template parameter")
    if serial_number_parameter.casefold().startswith("aws::"):
        problems.append(
            f"serial_number_parameter is {serial_number_parameter}, which belongs to AWS, so that no device"
            " may send it: give the name of a template parameter"
        )
    if attestation and serial_number_parameter == PROOF_PARAMETER:
        problems.append(
            f"serial_number_parameter is {PROOF_PARAMETER}, which carries the proof: give the name of another"
        )
    problems += _listed_parameter_problems(listed_parameters, serial_number_parameter)
    problems += pattern_problems(serial_number_pattern)
    if problems:
        raise ValueError("\n".join(problems))
    return {
        "ALLOW_LIST_TABLE_NAME": table_name,
        "LISTED_PARAMETERS": json.dumps(sorted(set(listed_parameters))),
        "METRICS_NAMESPACE": METRICS_NAMESPACE,
        "REPROVISIONING": str(reprovisioning),
        "RESERVATION_SECONDS": str(int(reservation_seconds)),
        "SERIAL_NUMBER_PARAMETER": serial_number_parameter,
        "SERIAL_NUMBER_PATTERN": serial_number_pattern,
        **({"ATTESTATION": attestation} if attestation else {}),
    }


def _is_reprovisioning(value: Reprovisioning | int | str) -> bool:
    if value in list(Reprovisioning):
        return True
    return re.fullmatch("[1-9][0-9]*", str(value)) is not None


def _listed_parameter_problems(names: Sequence[str], serial_number_parameter: str) -> list[str]:
    problems = []
    if not all(names):
        problems.append("listed_parameters has an empty name: give names of template parameters")
    if serial_number_parameter and serial_number_parameter in names:
        problems.append(
            f"listed_parameters has {serial_number_parameter}, which every device sends: the list finds its"
            " record by it"
        )
    return problems


def pattern_problems(pattern: str) -> list[str]:
    """What is wrong with a ``serial_number_pattern``, a sentence each; nothing if it is fine."""
    if not pattern:
        return ["serial_number_pattern is empty: give what a whole serial number looks like"]
    try:
        re.compile(pattern)
    except re.error as error:
        return [f"serial_number_pattern {pattern!r} is not a regular expression: {error}"]
    if repeats_repeats(pattern):
        return [
            f"serial_number_pattern {pattern!r} repeats without end what already repeats without end, so that"
            " a device can keep the hook busy until its time is up: bound the inner repeat, such as {1,32}"
        ]
    return []
