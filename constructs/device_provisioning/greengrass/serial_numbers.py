"""Serial numbers that can't be in the name of a Greengrass core device."""

from string import ascii_letters, digits, punctuation

from ..aws_iot import Finding, Severity
from ..aws_iot.pattern_language import PatternLanguage
from .names import CORE_DEVICE_NAME

_CODE = "DP049"
_HINT = "set serial_number_pattern to letters, digits, _ and - only"


def core_name_findings(serial_number_pattern: str) -> list[Finding]:
    """What a pattern lets through that no core can be named after: an error if that is every match.

    A ``:`` may be in the name of a thing, but not in that of a core:
    https://docs.aws.amazon.com/greengrass/v2/developerguide/fleet-provisioning.html

    Example:
        >>> [str(finding.severity) for finding in core_name_findings("[0-9A-F]{2}(:[0-9A-F]{2}){5}")]
        ['error']
    """
    visible = frozenset(ascii_letters + digits + punctuation)
    allowed = frozenset(filter(CORE_DEVICE_NAME.accepts, visible))
    language = PatternLanguage(serial_number_pattern)
    takes = f"the name of a core takes {CORE_DEVICE_NAME.allowed} only"
    if not language.may_stay_within(allowed):
        message = f"every serial number that the hook lets through has other characters, and {takes}"
        return [Finding(_CODE, Severity.ERROR, "/serial_number_pattern", message, _HINT)]
    if example := language.example_with(visible - allowed):
        message = f"the hook lets the serial number {example!r} through, and {takes}"
        return [Finding(_CODE, Severity.WARNING, "/serial_number_pattern", message, _HINT)]
    return []
