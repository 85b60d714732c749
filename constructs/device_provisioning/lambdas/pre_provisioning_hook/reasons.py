"""Every way the hook can decide, in the words of its answer and of its log."""

from enum import StrEnum

from ...records.refusals import CallReason


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
    MALFORMED_PARAMETER = "a parameter is not a string"
    PARAMETER_OF_AWS = "a parameter has a name that belongs to AWS"
    NOT_IN_LIST = "parameter {parameter} is given by the list only, and the record has none"
    OTHER_THAN_LISTED = "parameter {parameter} is not what the record says"
    NOT_PROVEN = "the device does not prove that it is the one it says"
    NOT_JUDGED = "the proof of the device can't be judged: {error}"
    BATCH_NOT_OPEN = "its batch is not open"
    BATCH_FULL = "its batch is full"
    OTHER_CLAIM = "the claim certificate is not one of its batch"
    MALFORMED_BATCH = "{attribute} of the record of its batch is malformed"
    MALFORMED_CERTIFICATE_ID = "certificate id is malformed"
    OTHER_SERIAL_NUMBER = "the certificate is bound to another serial number"
    OUT_OF_USE = "the certificate is {status}"
    MALFORMED_RECORD = "{attribute} of the record is malformed"
    MALFORMED_OVERRIDES = "parameter_overrides of the record are not a map of strings"
    FORBIDDEN_OVERRIDE = "parameter_overrides of the record must not set {parameter}"
    REFUSED_CALL = CallReason.REFUSED_CALL.value
    NO_ANSWER = CallReason.NO_ANSWER.value
    BUSY = CallReason.BUSY.value
    NO_TIME = CallReason.NO_TIME.value
    WRONG_SETTINGS = "the hook's settings are wrong: {error}"
    FAILED = "the hook failed: {error}"


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The request is denied; the message is the reason."""

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.format(**details))
