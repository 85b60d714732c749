"""Every way the hook can decide, in the words of its answer and of its log."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a device may register, or why not; ``{}`` marks what the request or the settings fill in."""

    LISTED = "listed"
    NOT_LISTED = "not on the allow list"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    PROVISIONED = "already provisioned"
    PROVISIONED_AGAIN = "already provisioned, and again {times} times"
    IN_PROGRESS = "another registration of this serial number is in progress"
    OVERTAKEN = "another registration of this serial number was faster"
    NO_PARAMETER = "parameter {parameter} is missing"
    MALFORMED_SERIAL_NUMBER = "serial number is malformed"
    MALFORMED_PARAMETER = "a parameter is no text"
    MALFORMED_CERTIFICATE_ID = "certificate id is malformed"
    MALFORMED_RECORD = "certificate_id of the record is malformed"
    MALFORMED_OVERRIDES = "parameter_overrides of the record are not a map of strings"
    REFUSED_CALL = "{operation} failed: {code}"
    NO_ANSWER = "no answer of AWS: {error}"
    NO_TIME = "no time left to decide"
    WRONG_SETTINGS = "the hook's settings are wrong: {error}"
    FAILED = "the hook failed: {error}"


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The request is denied; the message is the reason."""

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.format(**details))
