"""Settings of the pre-provisioning hook, as the environment of its function."""

import re
from enum import StrEnum
from typing import Any

from .repeats import repeats_repeats

HOOK_TIMEOUT_SECONDS = 5
HOOK_HANDLER = "pre_provisioning_hook.handler.handler"
HOOK_DESCRIPTION = "Decides by an allow list whether a device may register"
HOOK_MEMORY_MIB = 512
HOOK_PAYLOAD_VERSION = "2020-04-01"
METRICS_NAMESPACE = "DeviceProvisioning"
DEFAULT_SERIAL_NUMBER_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{0,127}"
_LONGEST_SETTLING = 3600


class Reprovisioning(StrEnum):
    """Whether a serial number whose certificate became active may register again."""

    NEVER = "NEVER"
    ALLOW = "ALLOW"


HOOK_DEFAULTS: dict[str, Any] = {
    "reprovisioning": Reprovisioning.NEVER,
    "serial_number_parameter": "SerialNumber",
    "serial_number_pattern": DEFAULT_SERIAL_NUMBER_PATTERN,
    "claim_settle_seconds": 30,
    "reserved_concurrent_executions": None,
}
"""What the function of this library does when it is not told otherwise."""


def hook_environment(
    *,
    table_name: str,
    reprovisioning: Reprovisioning | int | str = Reprovisioning.NEVER,
    serial_number_parameter: str = "SerialNumber",
    serial_number_pattern: str = DEFAULT_SERIAL_NUMBER_PATTERN,
    claim_settle_seconds: int = 30,
) -> dict[str, str]:
    """The environment variables of the hook's function.

    Args:
        table_name: The table of the allow list.
        reprovisioning: ``NEVER``, ``ALLOW`` or how many times a serial number may register again, as a number
            or as text.
        serial_number_parameter: The parameter of the request that carries the serial number.
        serial_number_pattern: A regular expression for the whole serial number, which has at most 128
            characters; letters, digits, ``_`` and ``-`` by default.
        claim_settle_seconds: How long an attempt may be under way, 1 to 3600 seconds: an hour is how long
            AWS IoT keeps an ownership token
            (https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html).

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
    if not 1 <= claim_settle_seconds <= _LONGEST_SETTLING:
        problems.append(f"claim_settle_seconds is {claim_settle_seconds}: give 1 to {_LONGEST_SETTLING}")
    if not serial_number_parameter:
        problems.append("serial_number_parameter is empty: give the name of a template parameter")
    problems += _pattern_problems(serial_number_pattern)
    if problems:
        raise ValueError("\n".join(problems))
    return {
        "ALLOW_LIST_TABLE_NAME": table_name,
        "CLAIM_SETTLE_SECONDS": str(int(claim_settle_seconds)),
        "METRICS_NAMESPACE": METRICS_NAMESPACE,
        "REPROVISIONING": str(reprovisioning),
        "SERIAL_NUMBER_PARAMETER": serial_number_parameter,
        "SERIAL_NUMBER_PATTERN": serial_number_pattern,
    }


def _is_reprovisioning(value: Reprovisioning | int | str) -> bool:
    if value in list(Reprovisioning):
        return True
    return re.fullmatch("[1-9][0-9]*", str(value)) is not None


def _pattern_problems(pattern: str) -> list[str]:
    if not pattern:
        return ["serial_number_pattern is empty: give what a whole serial number looks like"]
    try:
        re.compile(pattern)
    except re.error as error:
        return [f"serial_number_pattern {pattern!r} is no regular expression: {error}"]
    if repeats_repeats(pattern):
        return [
            f"serial_number_pattern {pattern!r} repeats without end what already repeats without end, so that"
            " a device can keep the hook busy until its time is up: bound the inner repeat, such as {1,32}"
        ]
    return []
