"""Calls of AWS whose every error is one line that says what to do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .deployed import DeployedError, client
from .sources import UnreadableError

NOT_FOUND = "ResourceNotFoundException"
_CREDENTIALS = "check the credentials with `aws sts get-caller-identity`"
_AT_ONCE = "somebody else changes it now: wait a moment and try again"
_LATER = "wait a moment and try again"
_HINTS = {
    "ConflictingResourceUpdateException": _AT_ONCE,
    "DeleteConflictException": _AT_ONCE,
    "ExpiredToken": _CREDENTIALS,
    "ExpiredTokenException": _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "InternalFailureException": _LATER,
    "NoSuchBucket": "check the name of the bucket, account and Region",
    "ServiceUnavailableException": _LATER,
    "ThrottlingException": _LATER,
    "UnrecognizedClientException": _CREDENTIALS,
    "VersionsLimitExceededException": "make room with `device-provisioning template prune`",
}
_OF_OPERATIONS = {
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
_REFERENCES = {
    "dynamodb": "amazondynamodb/latest/APIReference",
    "iam": "IAM/latest/APIReference",
    "iot": "iot/latest/apireference",
    "lambda": "lambda/latest/api",
    "s3": "AmazonS3/latest/API",
}
_NO_PERMISSION = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedException"})
_MISSING = frozenset({NOT_FOUND, "NoSuchEntity"})


class NotFoundError(UnreadableError):
    """What is asked for is not there."""


class AwsCalls:
    """A client of a service, with the credentials and the Region that AWS's own tools would use.

    Args:
        subject: What the calls are about, to begin each error with.
        service: ``iot``, ``iam``, ``lambda``, ``s3`` or ``dynamodb``; AWS IoT by default.

    Raises:
        UnreadableError: If no Region is chosen.
    """

    def __init__(self, subject: str, service: str = "iot") -> None:
        self._subject = subject
        self._service = service
        try:
            self._client = client(service)
        except DeployedError as error:
            raise UnreadableError(f"{subject}: {error}: set AWS_PROFILE or AWS_REGION") from None

    def call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """Call an operation, named as boto3 does.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        return self._answered(lambda: getattr(self._client, operation)(**arguments))

    def found(self, operation: str, **arguments: Any) -> Mapping[str, Any] | None:
        """As ``call``, and ``None`` if what is asked for is not there.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        try:
            return self.call(operation, **arguments)
        except NotFoundError:
            return None

    def pages(self, operation: str, key: str, **arguments: Any) -> Sequence[Any]:
        """All items of an operation that answers in pages.

        Raises:
            UnreadableError: If AWS refuses or can't be reached.
        """
        pages = self._answered(
            lambda: self._client.get_paginator(operation).paginate(**arguments).build_full_result()
        )
        items: Sequence[Any] = pages.get(key, [])
        return items

    def _answered(self, ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return ask()
        except ClientError as error:
            refused = self._refused(error.operation_name, error.response["Error"])
            is_missing = error.response["Error"].get("Code") in _MISSING
            raise (NotFoundError(str(refused)) if is_missing else refused) from None
        except BotoCoreError as error:
            raise UnreadableError(
                f"{self._subject}: {_line(error)}: check AWS_PROFILE, AWS_REGION and the network"
            ) from None

    def _refused(self, operation: str, error: Any) -> UnreadableError:
        code = str(error.get("Code"))
        message = _line(error.get("Message") or "")
        parts = [f"{self._subject}: {operation}: {code}", message, self._hint(operation, code)]
        return UnreadableError(": ".join(part for part in parts if part))

    def _hint(self, operation: str, code: str) -> str:
        if code in _NO_PERMISSION:
            return f"you need {self._service}:{operation}"
        if code in _MISSING:
            listing = [command for part, command in _LISTS.items() if part in operation]
            look = [f"look for it with `aws {self._service} {listing[0]}`, and "] if listing else []
            return f"{''.join(look)}check account and Region"
        known = _OF_OPERATIONS.get((operation, code)) or _HINTS.get(code)
        return known or f"see https://docs.aws.amazon.com/{_REFERENCES[self._service]}/API_{operation}.html"


def _line(text: object) -> str:
    return " ".join(str(text).split())
