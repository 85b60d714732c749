"""Every way the hook of a rotation can decide, in the words of its log."""

from enum import StrEnum

from ...records.refusals import CallReason


class Reason(StrEnum):
    """Why a device may replace its certificate, or why not; ``{}`` marks what the request fills in."""

    OWNER = "the presented certificate is the thing's"
    NOT_OWNER = "the presented certificate is not attached to the thing"
    TOO_MANY = "the thing has {number} certificates: confirm the last one first"
    NO_PARAMETER = "the parameter SerialNumber is missing"
    MALFORMED_SERIAL_NUMBER = "the serial number is malformed"
    MALFORMED_CERTIFICATE = "the presented or the new certificate is malformed"
    NOT_LISTED = "not on the allow list"
    BLOCKED = "blocked"
    OTHER_SERIAL_NUMBER = "the certificate is bound to another serial number"
    OUT_OF_USE = "the certificate is {status}"
    OVERTAKEN = "another request for this certificate was faster"
    BUSY = CallReason.BUSY.value
    NO_TIME = CallReason.NO_TIME.value
    NO_ANSWER = CallReason.NO_ANSWER.value
    REFUSED_CALL = CallReason.REFUSED_CALL.value
    FAILED = "the hook failed: {error}"


class Unretired(StrEnum):
    """Why certificates that a device has replaced stay in use, in the words of the other function's log."""

    NO_EVENT = "the event names no thing and no certificate"
    NOT_OWNER = "the certificate is not attached to the thing"


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The certificate may not be replaced; the message is the reason."""

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason.format(**details))
