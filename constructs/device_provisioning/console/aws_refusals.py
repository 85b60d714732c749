"""Refusals of AWS, each as one line that says what to do."""

from collections.abc import Sequence
from typing import Any

from ..records.denials import DENIALS
from .sources import UnreadableError

_CREDENTIALS = "check the credentials with `aws sts get-caller-identity`"
_EXPIRED = "sign in again, such as with `aws sso login`, or give --profile"
_AT_ONCE = "it is being modified by another operation: wait a moment and try again"
_LATER = "wait a moment and try again"
_HINTS = {
    "ConflictingResourceUpdateException": _AT_ONCE,
    "DeleteConflictException": _AT_ONCE,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidClientTokenId": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "InternalFailureException": _LATER,
    "NoSuchBucket": "check the name of the bucket, account and Region",
    "ProvisionedThroughputExceededException": _LATER,
    "RequestLimitExceeded": _LATER,
    "ServiceUnavailableException": _LATER,
    "ThrottlingException": _LATER,
    "TooManyRequestsException": _LATER,
    "TransactionConflictException": _LATER,
    "UnrecognizedClientException": _CREDENTIALS,
    "VersionsLimitExceededException": "make room with `device-provisioning template prune`",
}
_OF_OPERATIONS = {
    ("GenerateMac", "InvalidKeyUsageException"): "give an HMAC key: of the key spec HMAC_256",
    ("GetPublicKey", "UnsupportedOperationException"): "give a key that signs: of the key usage SIGN_VERIFY",
    ("Sign", "InvalidKeyUsageException"): "give a key that signs: of the key usage SIGN_VERIFY",
    (
        "StartThingRegistrationTask",
        "LimitExceededException",
    ): "an account has one task at a time: wait for it,"
    " or stop it with `aws iot stop-thing-registration-task`",
}
_LISTS = {
    "Function": "list-functions",
    "Provisioning": "list-provisioning-templates",
    "RegistrationTask": "list-thing-registration-tasks",
    "Role": "list-roles",
}
"""The command of the AWS CLI that lists what an operation is about, by a part of the operation's name."""
_WHERE = {
    "dynamodb": "look the name of the table up in the stack's outputs, and ",
    "kms": "look for the key with `aws kms list-aliases`, and ",
}
_REFERENCES = {
    "cloudformation": "AWSCloudFormation/latest/APIReference",
    "cloudtrail": "awscloudtrail/latest/APIReference",
    "dynamodb": "amazondynamodb/latest/APIReference",
    "iam": "IAM/latest/APIReference",
    "iot": "iot/latest/apireference",
    "iot-data": "iot/latest/apireference",
    "kms": "kms/latest/APIReference",
    "lambda": "lambda/latest/api",
    "logs": "AmazonCloudWatchLogs/latest/APIReference",
    "s3": "AmazonS3/latest/API",
    "secretsmanager": "secretsmanager/latest/apireference",
    "sts": "STS/latest/APIReference",
}
_DENIALS = DENIALS | {"ForbiddenException"}
_MISSING = frozenset({"NotFoundException", "ResourceNotFoundException", "NoSuchEntity", "NoSuchKey"})


class RefusedError(UnreadableError):
    """AWS answered that it does not do what was asked for.

    Args:
        text: The line for the user.
        code: The code of AWS; empty where it does not matter.
        reasons: Of a transaction that was cancelled, the code of each of its items.
    """

    def __init__(self, text: str, code: str = "", reasons: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.code = code
        self.reasons = reasons


class NotFoundError(RefusedError):
    """What is asked for is not there."""


class NotAllowedError(RefusedError):
    """The credentials do not allow the call."""


def refusal(subject: str, service: str, operation: str, answer: Any, region: str) -> RefusedError:
    """The error that an answer of AWS is.

    Args:
        subject: What the call was about.
        service: Whose call it was.
        operation: Which call it was, as AWS names it.
        answer: What an error of botocore has in ``response``.
        region: The Region that was asked.
    """
    error = answer["Error"]
    code = str(error.get("Code"))
    message = one_line(error.get("Message") or "")
    parts = [f"{subject}: {operation}: {code}", message, _hint(service, operation, code, region)]
    reasons = [str(reason.get("Code")) for reason in answer.get("CancellationReasons", ())]
    return _kind(code)(": ".join(part for part in parts if part), code, reasons)


def one_line(text: object) -> str:
    """A text of whatever lines as one."""
    return " ".join(str(text).split())


def _hint(service: str, operation: str, code: str, region: str) -> str:
    if code in _DENIALS:
        return f"you need {service.removesuffix('-data')}:{operation}"
    if code in _MISSING:
        listing = [command for part, command in _LISTS.items() if part in operation]
        look = [f"look for it with `aws {service} {listing[0]}`, and "] if listing else []
        return f"{_WHERE.get(service, ''.join(look))}check account and Region ({region})"
    known = _OF_OPERATIONS.get((operation, code)) or _HINTS.get(code)
    return known or f"see https://docs.aws.amazon.com/{_REFERENCES[service]}/API_{operation}.html"


def _kind(code: str) -> type[RefusedError]:
    if code in _MISSING:
        return NotFoundError
    return NotAllowedError if code in _DENIALS else RefusedError
