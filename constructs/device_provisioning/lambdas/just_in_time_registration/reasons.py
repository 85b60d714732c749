"""Every way a registration can end without one, in the words of the function's log."""

from enum import StrEnum

from ...openssl.reasons import OpenSSLReason


class Reason(StrEnum):
    """Why a device was not registered; ``{}`` marks what the event, the device or AWS fills in.

    What OpenSSL says of a certificate or a revocation list is in its own words.
    """

    NO_CERTIFICATE = "the event names no certificate"
    OTHER_AUTHORITY = "the certificate is of another CA"
    WRONG_STATUS = "the certificate is {status}"
    COMMON_NAMES = "the certificate has {number} common names"
    MALFORMED_COMMON_NAME = "the common name can't be the name of a thing"
    WRONG_PREFIX = "the common name does not begin with {prefix}"
    NOT_LISTED = "not on the allow list"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    OTHER_CERTIFICATE = "another certificate has been registered for it"
    IN_PROGRESS = "another registration of this serial number is in progress"
    UNREADABLE = OpenSSLReason.UNREADABLE.value
    NOT_JUDGED = "the certificate could not be judged"
    REFUSED_BY_OPENSSL = OpenSSLReason.REFUSED.value
    NO_OPENSSL = OpenSSLReason.NOT_REACHED.value
    OTHER_OPENSSL = OpenSSLReason.OTHER_VERSION.value
    ACTIVATION_UNKNOWN = "it is not known whether the certificate became active"
    REFUSED_CALL = "{operation} failed: {code}"
    FAILED = "the function failed: {error}"


class Denied(Exception):  # noqa: N818  # a decision, not an error
    """The device may not register; the message is the reason."""


class Failed(Exception):  # noqa: N818  # what makes Lambda deliver the event again
    """It could not be decided or carried out; the message is the reason."""


class OutcomeUnknown(Failed):
    """The certificate may be active already, so nothing of it may be undone."""
