"""Refusals of AWS: those that pass on their own, and what a hook says of a call that came to nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

BUSY = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Codes of errors, and of reasons why a transaction was cancelled
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""
_CANCELLED = "TransactionCanceledException"
_NO_REFUSALS = {"None", "ConditionalCheckFailed"}


class CallReason(StrEnum):
    """Why a call of a hook came to nothing; ``{}`` marks what AWS fills in."""

    REFUSED_CALL = "{operation} failed: {code}"
    NO_ANSWER = "no answer from AWS: {error}"
    BUSY = "AWS is busy: {code}"
    NO_TIME = "no time left to decide"


def busy_code(response: Mapping[str, Any]) -> str | None:
    """The code of a refusal that passes on its own, ``None`` of any other.

    Args:
        response: What the error of botocore has in ``response``.

    Example:
        >>> busy_code({"Error": {"Code": "ThrottlingException"}})
        'ThrottlingException'
    """
    code: str = response["Error"]["Code"]
    if code != _CANCELLED:
        return code if code in BUSY else None
    codes = {reason.get("Code", "None") for reason in response.get("CancellationReasons", [])} - _NO_REFUSALS
    return min(codes) if codes and codes <= BUSY else None
