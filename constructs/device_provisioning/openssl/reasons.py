"""What keeps OpenSSL from judging, in the words of a function's log."""

from enum import StrEnum


class OpenSSLReason(StrEnum):
    """Why something could not be judged; ``{}`` marks what is filled in."""

    UNREADABLE = "{what} can't be read"
    REFUSED = "OpenSSL refused what it was given"
    NOT_REACHED = "the OpenSSL of this Python can't be reached: {error}"
    OTHER_VERSION = (
        "the OpenSSL of this Python says that it is version {version}: this function knows version {known}"
    )


class OpenSSLError(Exception):
    """Something could not be read, or OpenSSL can't be reached; the message says which."""
